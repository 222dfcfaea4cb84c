import type { GivenOutcome, Pack, PackTest } from '../../model/pack';
import { notAmong } from '../problem';
import type { AuthoredRunbook } from '../schema';
import type { Definitions, Origin } from './definitions';

/** A test of a runbook whose causes are `ids`, over the signals of `pack` where it is compiled already. */
export function compileTest(
  defs: Definitions,
  test: AuthoredRunbook['tests'][number],
  ids: readonly string[],
  { source, path }: Origin,
  pack?: Pack
): PackTest {
  for (const id of Object.keys(test.given)) {
    const at = { source, path: [...path, 'given', id] };
    if (pack === undefined) {
      defs.needSignal(id, at);
    } else if (pack.signals[id] === undefined) {
      defs.fail(at, 'unknown-signal', notAmong('the signal', id, Object.keys(pack.signals)));
    }
  }
  if (test.expect.top !== 'none' && !ids.includes(test.expect.top)) {
    defs.fail(
      { source, path: [...path, 'expect', 'top'] },
      'unknown-cause',
      notAmong('the cause', test.expect.top, [...ids, 'none'])
    );
  }
  for (const key of ['refuted', 'explained'] as const) {
    test.expect[key]?.forEach((id, position) => {
      if (!ids.includes(id)) {
        defs.fail(
          { source, path: [...path, 'expect', key, position] },
          'unknown-cause',
          notAmong('the cause', id, ids)
        );
      }
    });
  }
  const { top, verdict, refuted, explained, says } = test.expect;
  return {
    name: test.name,
    given: compileGiven(test.given),
    rest: test.rest,
    expect: {
      top,
      ...(verdict === undefined ? {} : { verdict }),
      ...(refuted === undefined ? {} : { refuted }),
      ...(explained === undefined ? {} : { explained }),
      ...(says === undefined ? {} : { says }),
    },
  };
}

/** Given outcomes; the moment at which one began is relative to that of the test: its negative age in milliseconds. */
export function compileGiven(given: AuthoredRunbook['tests'][number]['given']): Record<string, GivenOutcome> {
  return Object.fromEntries(
    Object.entries(given).map(([id, outcome]) => {
      const { since, ...rest } = { since: undefined, ...outcome };
      return [id, since === undefined ? rest : { ...rest, since: -since * 1000 }];
    })
  );
}
