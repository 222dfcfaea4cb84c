/**
 * The checks as lint of packs sees them: names, and types and units as far as the descriptions say them. Names carry the
 * unit (`waitSeconds`, `usedRatio`), and a meaning that begins with `true` is a boolean's.
 */
import type { CheckCatalogue, Fact } from '@live-runbooks/engine/authoring';
import type { CheckDescription } from './check';

const UNITS: ReadonlyArray<readonly [RegExp, string]> = [
  [/(?:^s|S)econds$/, 's'],
  [/(?:^ms|Ms)$/, 'ms'],
  [/(?:^b|B)ytesPerSecond$/, 'Bps'],
  [/(?:^b|B)ytes$/, 'bytes'],
  [/(?:^r|R)atio$|^share$|^coverage$|^progress$/, 'percentunit'],
  [/PerSecond$/, 'cps'],
  [/(?:^p|P)erMinute$/, 'cpm'],
  [/(?:^d|D)ays(?:Left)?$/, 'd'],
];

/** Checks whose fields are named by the configuration of the service. */
const CONFIGURED = new Set(['postgres.queries', 'redis.lists', 'redis.hashes', 'http.body']);

/** The facts of all checks, by id. */
export function factsOf(checks: readonly CheckDescription[]): CheckCatalogue {
  return Object.fromEntries(
    checks.map(({ id, unit, fields, rows, words = {} }) => [
      id,
      {
        unit,
        ...(CONFIGURED.has(id) ? { open: true as const } : {}),
        fields: facts(fields, (name) => words[name]),
        rows: Object.fromEntries(
          Object.entries(rows).map(([table, columns]) => [
            table,
            facts(columns, (column) => words[`${table}.${column}`]),
          ])
        ),
      },
    ])
  );
}

function facts(meanings: Readonly<Record<string, string>>, wordsOf: (name: string) => readonly string[] | undefined) {
  return Object.fromEntries(
    Object.entries(meanings).map(([name, meaning]): [string, Fact] => {
      const words = wordsOf(name);
      if (words !== undefined) {
        return [name, { type: 'word', words }];
      }
      if (/^true\b/.test(meaning)) {
        return [name, { type: 'boolean' }];
      }
      const unit = UNITS.find(([pattern]) => pattern.test(name))?.[1];
      return [name, unit === undefined ? {} : { type: 'number', unit }];
    })
  );
}
