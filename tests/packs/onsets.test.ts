/**
 * When what is present began, as Prometheus itself answers it (promtool): the moment, in seconds, at which a signal was last seen not
 * to be there. `onset-signals/<theme>.yaml` holds the cases.
 */
import { join } from 'node:path';

import { bind, instantiate, onsetBounds, plan, type BoundPack } from '@live-runbooks/engine';
import { describe, expect, it } from 'vitest';

import { parsePromql } from '../../cli/src/promql';
import { SHIPPED_KINDS, SHIPPED_PACKS } from './shippedPacks';
import { testSignalCases, type SignalQuery } from './signalCases';

const packs = SHIPPED_PACKS.map((pack) => bind(pack, {}));

function onsetsOf(bounds: readonly BoundPack[], keys: readonly string[]) {
  return plan(onsetBounds(bounds, keys)).queries;
}

function queriesOf(key: string): SignalQuery[] {
  const [query] = onsetsOf(packs, [key]);
  if (query === undefined) {
    throw new Error(`${key} has no beginning that Prometheus can tell`);
  }
  return [{ expr: query.expr, reads: () => true }];
}

describe('the beginning of what is present', () => {
  testSignalCases(join(import.meta.dirname, 'onset-signals'), queriesOf);

  it('is asked in PromQL of every signal of trouble or of a change', () => {
    const kinds = [...SHIPPED_KINDS.values()].map((kind) => {
      const [dialect = ''] = Object.keys(kind.dialects);
      const { labels } = kind.dialects[dialect]?.identity ?? kind.identity;
      const is = Object.fromEntries(labels.map((label) => [label, 'a']));
      const as = { kind: kind.id, dialect, is, with: {} };
      return instantiate(
        { ...{ id: `a-${kind.id}`, title: '', origin: 'discovered', adopted: false }, kinds: [as] },
        SHIPPED_KINDS
      );
    });
    const keys = [...packs, ...kinds].flatMap(({ pack }) =>
      Object.values(pack.signals).flatMap(({ id, effect, change }) =>
        effect === undefined && change?.says === undefined ? [] : [`${pack.id}/${id}`]
      )
    );
    const asked = onsetsOf([...packs, ...kinds], keys);
    expect(asked.length).toBeGreaterThan(20);
    expect(asked.flatMap(({ expr }) => parsePromql(expr) ?? [])).toEqual([]);
  });

  it('is asked once for two components', () => {
    const made = ['a', 'b'].map((id) =>
      instantiate(
        {
          ...{ id, title: id, origin: 'discovered', adopted: false },
          kinds: [{ kind: 'http-service', dialect: 'otel', is: { job: id }, with: {} }],
        },
        SHIPPED_KINDS
      )
    );
    const [query, another] = onsetsOf(made, ['a/http-5xx-ratio', 'b/http-5xx-ratio']);
    expect(another).toBeUndefined();
    expect(query?.signals).toEqual(['a/http-5xx-ratio', 'b/http-5xx-ratio']);
  });
});
