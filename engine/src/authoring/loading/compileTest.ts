import type { PackTest } from '../../model/pack';
import { notAmong } from '../problem';
import type { AuthoredRunbook } from '../schema';
import type { Definitions, Origin } from './definitions';

/** A test of a runbook whose causes are `ids`. */
export function compileTest(
  defs: Definitions,
  test: AuthoredRunbook['tests'][number],
  ids: readonly string[],
  { source, path }: Origin
): PackTest {
  Object.keys(test.given).forEach((id) => defs.needSignal(id, { source, path: [...path, 'given', id] }));
  if (test.expect.top !== 'none' && !ids.includes(test.expect.top)) {
    defs.fail(
      { source, path: [...path, 'expect', 'top'] },
      'unknown-cause',
      notAmong('the cause', test.expect.top, [...ids, 'none'])
    );
  }
  test.expect.refuted?.forEach((id, position) => {
    if (!ids.includes(id)) {
      defs.fail(
        { source, path: [...path, 'expect', 'refuted', position] },
        'unknown-cause',
        notAmong('the cause', id, ids)
      );
    }
  });
  const { top, verdict, refuted, says } = test.expect;
  return {
    name: test.name,
    given: Object.fromEntries(
      Object.entries(test.given).map(([id, given]) => {
        const { since, ...rest } = { since: undefined, ...given };
        // Relative to the moment of the test: the negative age in milliseconds.
        return [id, since === undefined ? rest : { ...rest, since: -since * 1000 }];
      })
    ),
    rest: test.rest,
    expect: {
      top,
      ...(verdict === undefined ? {} : { verdict }),
      ...(refuted === undefined ? {} : { refuted }),
      ...(says === undefined ? {} : { says }),
    },
  };
}
