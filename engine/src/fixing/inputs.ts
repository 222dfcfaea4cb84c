/** What a person fills in before a command can be copied. */
import type { BoundPack } from '../model/bound';
import type { FilledInput } from '../model/fix';
import type { Fix, FixInput } from '../model/pack';
import { columnList } from '../quoting/columnList';
import type { FillValue } from '../quoting/slot';
import { parseTemplate } from '../wording/template';
import { quantity } from './quantity';

const SAYS: Readonly<Record<FixInput['kind'], string>> = {
  integer: 'a whole number, like 5',
  'kubernetes-memory': 'an amount of memory as Kubernetes writes it, like 512Mi or 2Gi',
  'kubernetes-cpu': 'an amount of CPU as Kubernetes writes it, like 500m or 2',
  'redis-memory': 'an amount of memory as Redis writes it, like 512mb or 2gb',
  columns: 'names of columns, like tenant_id, created_at DESC',
};

/** The inputs of a fix with what was typed into them, else with their defaults. */
export function fillInputs(fix: Fix, bound: BoundPack, typed: Readonly<Record<string, string>>): FilledInput[] {
  return Object.entries(fix.inputs).map(([name, input]) => {
    const given = Object.hasOwn(typed, name) ? typed[name] : undefined;
    const value = given ?? defaultOf(input, bound);
    const problem = inputProblem(input, value.trim());
    return { name, ...input, value, ...(problem === undefined ? {} : { problem }) };
  });
}

/** Why a text cannot stand in this input; undefined when it can. */
export function inputProblem(input: FixInput, value: string): string | undefined {
  if (value === '') {
    return `fill in ${SAYS[input.kind]}`;
  }
  const fits = input.kind === 'columns' ? columnList(value) !== undefined : quantity(value, input.kind) !== undefined;
  return fits ? undefined : `this is not ${SAYS[input.kind]}`;
}

/** The value of an input for its command, or why there is none. */
export function inputValue(input: FilledInput): FillValue | string {
  if (input.problem !== undefined) {
    return input.problem;
  }
  if (input.kind === 'columns') {
    return { value: input.value.trim(), kind: 'columns' };
  }
  return { value: input.kind === 'integer' ? Number(input.value) : input.value.trim() };
}

function defaultOf(input: FixInput, bound: BoundPack): string {
  return parseTemplate(input.default ?? '')
    .map((part) => (typeof part === 'string' ? part : (bound.values[part.name] ?? '')))
    .join('');
}
