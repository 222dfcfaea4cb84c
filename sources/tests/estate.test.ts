import { describe, expect, it } from 'vitest';
import type { Answer } from '../src';
import { fakeAsk, PLUGIN, sourcesWith } from './recorded';

const URL = `/api/plugin-proxy/${PLUGIN}/diagnostics/v1/estate`;
const ESTATE = { components: { checkout: { adopt: true } } };
const KEPT = { version: '3-ab', estate: ESTATE, writtenAt: 7, writtenBy: { kind: 'user', login: 'ana' } };
const error = (status: number, code: string): Answer => ({
  status,
  body: { error: { code, message: 'no', mend: 'Set `state.directory`.' } },
});
const estate = (answer: Answer) => sourcesWith(fakeAsk(() => answer)).estate();

describe('the estate of the service', () => {
  it('is read with its version, and with who wrote it', async () => {
    const ask = fakeAsk(() => ({ status: 200, body: KEPT }));
    expect(await sourcesWith(ask).estate()).toEqual({
      ...{ kind: 'kept', version: '3-ab', estate: ESTATE, writtenAt: 7, writtenBy: 'ana' },
    });
    expect(ask.requests).toEqual([{ method: 'GET', url: URL }]);
  });

  it('is told apart from an empty one while nobody has written it', async () => {
    const body = { version: '0', estate: null, writtenAt: null, writtenBy: null };
    expect(await estate({ status: 200, body })).toEqual({ kind: 'kept', version: '0' });
  });

  it('is written over the version that was changed', async () => {
    const ask = fakeAsk(() => ({ status: 200, body: KEPT }));
    expect(await sourcesWith(ask).writeEstate(ESTATE, '2-cd')).toMatchObject({ kind: 'kept', version: '3-ab' });
    expect(ask.requests).toEqual([{ method: 'PUT', url: URL, headers: { 'If-Match': '"2-cd"' }, body: ESTATE }]);
  });

  it('was changed by somebody else meanwhile', async () => {
    const sources = sourcesWith(fakeAsk(() => error(412, 'estate-changed')));
    expect(await sources.writeEstate(ESTATE, '2-cd')).toEqual({ kind: 'changed' });
  });

  it.each<[string, Answer, RegExp]>([
    ['has no place for it', error(501, 'estate-off'), /state\.directory/],
    ['is too old to keep one', error(404, 'not-found'), /Update the diagnostics service/],
  ])('is none where the service %s, with what would change that', async (_what, answer, mend) => {
    expect(await estate(answer)).toEqual({ kind: 'none', mend: expect.stringMatching(mend) });
  });

  it('is none where there is no service, and nobody is asked', async () => {
    const ask = fakeAsk(() => error(500, 'internal'));
    expect(await sourcesWith(ask, { hasDiagnostics: false }).estate()).toEqual({ kind: 'none' });
    expect(ask.requests).toEqual([]);
  });

  it.each<[string, Answer]>([
    ['is down', { status: 502, body: '' }],
    ['cannot read its file', error(503, 'estate-unavailable')],
    ['answers something else', { status: 200, body: { version: '1' } }],
    ['refuses', { status: 403, body: { message: 'plugin proxy route access denied' } }],
  ])('is not known while the service %s: never empty', async (_what, answer) => {
    expect(await estate(answer)).toMatchObject({ kind: 'failure', mend: expect.stringMatching(/./) });
  });
});
