/** Components that nobody adopted, beside those that somebody did. */
import { describe, expect, it } from 'vitest';
import type { Component, Estate } from '../../src/index';
import { present, unknown } from '../makePack';
import { database, service, triageOf } from './makeEstate';

const stranger = (id: string): Component => ({ ...service(id), adopted: false });
const estate = (...components: Component[]): Estate => ({ components, arrows: [] });
const BLIND = [unknown('errors'), unknown('slow')];

describe('a component that nobody adopted', () => {
  it('and that could not be checked is told, and keeps no verdict about what is adopted', () => {
    const { state, headline, sentence, signals } = triageOf(estate(database('ours'), stranger('cart')), {
      cart: BLIND,
    });
    expect(state).toBe('nothing-wrong');
    expect(headline.verdict).toBe('healthy');
    expect(sentence).toContain('Not adopted, could not be checked: cart.');
    expect(signals.known).toBe(signals.total);
  });

  it('is not named when all of it was checked', () => {
    expect(triageOf(estate(database('ours'), stranger('cart')), {}).headline.notChecked).toBeUndefined();
  });

  it('and is in trouble is never green', () => {
    const given = { cart: [present('errors')] };
    const { state, headline, suspects } = triageOf(estate(database('ours'), stranger('cart')), given);
    expect(state).toBe('problem');
    expect(headline.open?.pack ?? suspects[0]?.pack).toBe('cart');
  });

  it('makes nothing green that is adopted and could not be checked', () => {
    const blind = { ours: [unknown('waiting'), unknown('down')] };
    expect(triageOf(estate(database('ours'), stranger('cart')), blind).state).not.toBe('nothing-wrong');
  });

  it('counts where nothing is adopted at all: then it is all that there is', () => {
    expect(triageOf(estate(stranger('cart'), stranger('web')), { cart: BLIND }).state).not.toBe('nothing-wrong');
  });

  it('counts where nobody knows what people said', () => {
    const nobodyKnows = { ...service('cart'), adopted: undefined };
    expect(triageOf(estate(database('ours'), nobodyKnows), { cart: BLIND }).state).not.toBe('nothing-wrong');
  });

  it('is one of a few that are named', () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    const given = Object.fromEntries(ids.map((id) => [id, BLIND]));
    const { sentence } = triageOf(estate(database('ours'), ...ids.map(stranger)), given);
    expect(sentence).toContain('Not adopted, could not be checked: a, b, c and 2 more.');
  });
});
