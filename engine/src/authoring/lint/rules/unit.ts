import { UNITS } from '../../../wording/units';
import { notAmong } from '../../problem';
import type { PackRule } from './rule';

/** Units in which a number of another unit reads wrong. */
const DIMENSIONS: ReadonlySet<string> = new Set(['percentunit', 'percent', 's', 'ms', 'bytes', 'decbytes', 'd']);

export const unit: PackRule = {
  id: 'unit',
  what: 'A unit is none that the pages can write, or another than that of the field it is read from.',
  why: 'The page says "0.2 secnds", or "0.95" where it means "95 %".',
  mend: 'Take a unit of the list: `percentunit` for a share of 0 to 1, `s`, `ms`, `bytes`, `reqps`, `short` for a count.',
  check: ({ loaded, checks }, tell) => {
    for (const { id, query, unit } of Object.values(loaded.pack.signals)) {
      if (!UNITS.includes(unit)) {
        tell(`signal ${id}`, notAmong('the unit', unit, UNITS), ['unit']);
        continue;
      }
      if (query.source !== 'diagnostics' || !('field' in query.read)) {
        continue;
      }
      const facts = checks?.[query.check];
      const { field } = query.read;
      const fact =
        field === 'value' && facts !== undefined
          ? { type: 'number', unit: facts.unit }
          : (facts?.fields[field] ?? facts?.configured?.fields);
      if (fact?.type === undefined) {
        continue;
      }
      const { type, unit: measured = 'short' } = fact;
      // A rate may be written in words of its own; a share, a time and a size may not, nor a count as one of those.
      if (unit !== measured && (DIMENSIONS.has(measured) || (measured === 'short' && DIMENSIONS.has(unit)))) {
        const is = type !== 'number' ? `a ${type}` : measured === 'short' ? 'a count' : `in ${measured}`;
        tell(
          `signal ${id}`,
          `\`${field}\` of \`${query.check}\` is ${is}, not in ${unit}: write \`unit: ${measured}\``,
          ['unit']
        );
      }
    }
  },
};
