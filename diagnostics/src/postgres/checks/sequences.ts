/** Sequences near their end, or near the end of the column that they fill: then every INSERT fails. */
import { z } from 'zod';
import { defineCheck, judge, limit } from '../../model/check';
import { coverageOf } from '../../model/coverage';
import { fact } from '../../model/fact';
import { type BlindSpot, BLIND_COLUMNS, withBlindSpots } from '../blindSpot';
import type { PostgresCheckContext } from '../context';
import { LOCKED_COLUMNS, lockedRelations, lockedRows } from '../locked';
import { quoteName } from '../relationName';
import { SequencePass, type UnreadSequence } from '../sequencePass';

const MEND =
  'ALTER TABLE <table> ALTER COLUMN <column> TYPE bigint rewrites the table under an AccessExclusiveLock: prepare a bigint column that a trigger fills, backfill it in batches, and swap. To win time, a signed column may start anew at its minimum: ALTER SEQUENCE <sequence> MINVALUE -2147483648 RESTART WITH -2147483648. A sequence with a bound of its own: ALTER SEQUENCE <sequence> AS bigint, or NO MAXVALUE.';

export const sequences = defineCheck({
  id: 'postgres.sequences',
  title: 'Sequences near their end',
  kind: 'postgres',
  asks: 'pg_sequence; last_value of each unlocked sequence that this role may read, at most 1000 and 250 ms a round, going on where it stopped; the type of the column that it fills',
  value: 'usedRatio',
  fields: {
    usedRatio: fact.ratio('used share of the fullest sequence; 0 without any, null when none may be read'),
    sequences: fact.count('sequences of this database that do not cycle'),
    unreadable: fact.count('sequences that this role may not read'),
    coverage: fact.ratio('share of the sequences that were looked at since the first pass began, 0–1'),
  },
  rows: {
    sequences: {
      sequence: fact.text('sequence'),
      column: fact.text('table and column that it fills; null when none is known'),
      lastValue: fact.number('its last value'),
      limit: fact.number('the last value that it, or its column, can take'),
      usedRatio: fact.ratio('used share, 0–1'),
      left: fact.count('values left'),
    },
    locked: LOCKED_COLUMNS,
    blind: BLIND_COLUMNS,
  },
  mend: MEND,
  privilege:
    'GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO live_runbooks; ALTER DEFAULT PRIVILEGES FOR ROLE <owner> IN SCHEMA public GRANT SELECT ON SEQUENCES TO live_runbooks',
  unaskedEvery: 15,
  options: z.strictObject({
    warning: limit.warning(0.85),
    critical: limit.critical(0.95),
    everySeconds: limit.every(300),
  }),
  make: (options) => {
    const pass = new SequencePass(Math.min(options.warning, options.critical));
    return async (context: PostgresCheckContext) => {
      const locked = await lockedRelations(context);
      await pass.goOn(
        context,
        locked.map((each) => each.id)
      );
      const { covered, inParts, looked, sequences: counted } = pass;
      const total = inParts ? await howMany(context) : looked;
      const known = pass.fullest();
      const unread = pass.notRead();
      const first = known[0];
      const nothing =
        counted > 0 ? `none of ${counted} sequences could be read` : covered ? 'no sequence' : 'none was found yet';
      const usedRatio = first?.usedRatio ?? (counted === 0 && covered ? 0 : null);
      const finding = {
        value: usedRatio,
        summary:
          (first === undefined
            ? nothing
            : `${String(first.sequence)} is the fullest: ${(first.usedRatio * 100).toFixed(1)} % used, ${first.left} values left${first.column === null ? '' : ` for ${String(first.column)}`}`) +
          (inParts
            ? `; this pass has looked at ${looked} of ${total} sequences${covered ? ', the one before at all' : ''}`
            : ''),
        fields: {
          usedRatio,
          sequences: counted,
          unreadable: unread.filter(({ refused }) => refused).length,
          coverage: covered ? 1 : coverageOf(looked, Math.max(1, total)),
        },
        rows: {
          sequences: known.slice(0, 20).map((each) => ({ ...each })),
          locked: await lockedRows(
            context,
            locked.filter((each) => pass.isKnown(each.id))
          ),
        },
      };
      const threshold = { warning: options.warning, critical: options.critical };
      const fires = finding.value !== null && judge(finding.value, threshold) !== 'ok';
      return withBlindSpots(
        covered || fires ? finding : { ...finding, unknown: { reason: 'timeout' as const, mend: MORE_ROUNDS } },
        blindSpots(unread, quoteName(context.names.user)),
        { reason: unread.some(({ refused }) => refused) ? 'no-permission' : 'timeout', threshold, mend: MEND }
      );
    };
  },
});

const MORE_ROUNDS =
  'Nothing has to be done: a round looks at a part of the sequences, and the next rounds go on until all were looked at.';

function blindSpots(unread: readonly UnreadSequence[], user: string): readonly BlindSpot[] {
  const refused = unread.filter((each) => each.refused);
  return [
    ...refused.map(({ sequence, schema, full, reach }) => ({
      object: sequence,
      why: 'last_value is NULL to a role without SELECT on the sequence',
      grant:
        (reach ? '' : `GRANT USAGE ON SCHEMA ${schema} TO ${user}; `) +
        (refused.length === 1
          ? `GRANT SELECT ON SEQUENCE ${full} TO ${user};`
          : `GRANT SELECT ON ALL SEQUENCES IN SCHEMA ${schema} TO ${user};`),
    })),
    ...unread
      .filter((each) => !each.refused)
      .map(({ sequence }) => ({
        object: sequence,
        why: 'it is under AccessExclusiveLock, or was dropped meanwhile',
        grant: 'Ask again when the lock is gone: see postgres.blocking.',
      })),
  ];
}

async function howMany({ ask }: PostgresCheckContext): Promise<number> {
  const [row] = await ask('SELECT count(*) AS n FROM pg_sequence');
  return Number(row?.n ?? 0);
}
