import { type Placeholder, parseTemplate } from '../../../wording/template';
import type { Fact } from '../../catalogue';
import { columnsOf } from '../columns';
import { textsOf } from '../packTexts';
import type { Linted, PackRule } from './rule';

/** The units that each filter of a sentence writes. */
const WRITES: Readonly<Record<string, readonly string[]>> = {
  duration: ['s'],
  ms: ['ms'],
  bytes: ['bytes', 'decbytes'],
  percent: ['percentunit'],
  rate: ['cps', 'reqps', 'ops', 'wps', 'rps'],
};

export const filterUnit: PackRule = {
  id: 'filter-unit',
  what: 'A sentence writes a signal, or a column of a check, in another unit than it is in: `| ms` on seconds, `| percent` on a count, `| duration` on a text.',
  why: 'The page says "380 ms" where six minutes have passed.',
  mend: 'Take the filter of the unit that the message names, or none for a count or a text.',
  check: (linted, tell) => {
    for (const { text, origin, path } of textsOf(linted.loaded.pack)) {
      for (const part of parseTemplate(text)) {
        const fact = typeof part === 'string' ? undefined : factOf(part, linted);
        if (typeof part === 'string' || fact === undefined) {
          continue;
        }
        const unit = fact.unit ?? '';
        const is = fact.type === 'number' ? `in ${unit}` : `a ${fact.type}`;
        for (const { name } of part.filters.filter((filter) => WRITES[filter.name]?.includes(unit) === false)) {
          const right = Object.keys(WRITES).find((filter) => WRITES[filter]?.includes(unit));
          const instead = right === undefined ? 'leave it out, or write `count`' : `write \`${right}\``;
          tell(origin, `${part.text} is ${is}, which \`${name}\` does not write: ${instead}`, path);
        }
      }
    }
  },
};

/** What the placeholder stands for. Undefined: its unit is for the author, the configuration or a label to say. */
function factOf({ name, column }: Placeholder, linted: Linted): Fact | undefined {
  const signal = linted.loaded.pack.signals[name];
  if (signal === undefined) {
    return undefined;
  }
  if (column === undefined) {
    return signal.unit === 'short' ? undefined : { type: 'number', unit: signal.unit };
  }
  const fact: Fact | undefined = columnsOf(signal, linted)?.[column];
  const isOpen = fact?.type === undefined || (fact.type === 'number' && fact.unit === undefined);
  return isOpen ? undefined : fact;
}
