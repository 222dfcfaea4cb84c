import { UNITS } from '../../../units';
import { notAmong } from '../../problem';
import type { PackRule } from './rule';

export const unknownUnit: PackRule = {
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
      const measured = facts?.fields[field]?.unit ?? (field === 'value' ? facts?.unit : undefined);
      // A rate may be written in words of its own; a share, a time and a size may not.
      if (measured !== undefined && /^(percentunit|s|ms|bytes)$/.test(measured) && unit !== measured) {
        tell(
          `signal ${id}`,
          `\`${field}\` of \`${query.check}\` is in ${measured}, not in ${unit}: write \`unit: ${measured}\``,
          ['unit']
        );
      }
    }
  },
};
