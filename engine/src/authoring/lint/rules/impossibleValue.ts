import type { Scalar } from '../../../model/outcome';
import type { RowCondition, Test } from '../../../model/pack';
import type { Fact } from '../../catalogue';
import { notAmong } from '../../problem';
import { columnsOf } from '../columns';
import type { PackRule } from './rule';

export const impossibleValue: PackRule = {
  id: 'impossible-value',
  what: 'A test or a condition compares a field with what it never is: a word that is none of its words, a text where it is true or false, a threshold on a word or a text.',
  why: 'The signal can never be present (or never be absent), and nobody is told.',
  mend: 'Take one of the words that the message lists, `true` or `false` without quotes, or a number.',
  check: (linted, tell) => {
    const { pack } = linted.loaded;
    for (const signal of Object.values(pack.signals)) {
      if (signal.query.source !== 'diagnostics') {
        continue;
      }
      const { read } = signal.query;
      const columns = columnsOf(signal, linted) ?? {};
      if ('rows' in read) {
        for (const [column, condition] of Object.entries(read.where)) {
          const wrong = impossible(columns[column], condition);
          if (wrong !== undefined) {
            tell(`signal ${signal.id}`, `\`${column}\` ${wrong}`, ['diagnostics', 'where', column]);
          }
        }
      } else {
        const wrong = impossible(columns[read.field], signal.test);
        if (wrong !== undefined) {
          tell(`signal ${signal.id}`, `\`${read.field}\` ${wrong}`, ['test']);
        }
      }
    }
    for (const runbook of pack.runbooks) {
      for (const cause of runbook.causes) {
        cause.evidence.forEach((item, index) => {
          const columns = columnsOf(pack.signals[item.signal], linted) ?? {};
          for (const key of ['where', 'proves'] as const) {
            for (const [column, condition] of Object.entries(item[key] ?? {})) {
              const wrong = impossible(columns[column], condition);
              if (wrong !== undefined) {
                tell(`cause ${runbook.id}/${cause.id} evidence ${index}`, `\`${column}\` ${wrong}`, [key, column]);
              }
            }
          }
        });
      }
    }
  },
};

/** Why a comparison with a fact of this sort says nothing; undefined when it may. */
function impossible(fact: Fact | undefined, condition: RowCondition | Test): string | undefined {
  if (fact?.type === undefined) {
    return undefined;
  }
  for (const value of valuesOf(condition)) {
    const wrong = notAValue(fact, value);
    if (wrong !== undefined) {
      return wrong;
    }
  }
  if (!('above' in condition || 'below' in condition)) {
    return undefined;
  }
  switch (fact.type) {
    case 'word':
      return `is a word and has no threshold: write \`is\` or \`oneOf\`; there is: ${fact.words?.join(', ') ?? ''}`;
    case 'text':
      return 'is a text and has no threshold: write `is` or `oneOf`';
    default:
      return undefined;
  }
}

/** Why a fact of this sort is never this value; null is what every fact may be. */
export function notAValue(fact: Fact, value: Scalar): string | undefined {
  // A parameter is filled in later.
  if (value === null || (typeof value === 'string' && value.includes('{{'))) {
    return undefined;
  }
  const got = `${typeof value === 'string' ? 'the text ' : ''}\`${String(value)}\``;
  switch (fact.type) {
    case 'word':
      return fact.words?.includes(String(value))
        ? undefined
        : `is never that: ${notAmong('the word', String(value), fact.words ?? [])}`;
    case 'boolean':
      return /^(true|false)$/.test(String(value))
        ? undefined
        : `is true or false, and never ${got}: write true or false without quotes`;
    case 'text':
      return typeof value === 'boolean' ? `is a text, and never ${got}` : undefined;
    case 'number':
      return Number.isFinite(Number(value)) && value !== '' && typeof value !== 'boolean'
        ? undefined
        : `is a number, and never ${got}`;
    default:
      return undefined;
  }
}

function valuesOf(condition: RowCondition | Test): readonly Scalar[] {
  if ('is' in condition) {
    return [condition.is];
  }
  if ('isNot' in condition) {
    return [condition.isNot];
  }
  return 'oneOf' in condition ? condition.oneOf : 'noneOf' in condition ? condition.noneOf : [];
}
