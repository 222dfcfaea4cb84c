/** Sample values: what a query or a command becomes, as far as its syntax goes. */
import type { FixInput, Pack, Param } from '../../model/pack';
import { compileFill, fill } from '../../quoting/fill';
import { madeDefault, placeholdersOfDefault } from '../../planning/madeDefault';
import type { FillValue } from '../../quoting/slot';
import type { Fact } from '../catalogue';

/** A value for a parameter: its default, or what its kind looks like. Metrics without a default are told apart by the parameter's name. */
export function sampleOf(params: Pack['params'], name: string): FillValue | string {
  const param = params[name];
  switch (param?.kind) {
    case undefined:
      return 'unknown';
    case 'duration':
      return { value: param.default ?? '5m', kind: param.kind };
    case 'metric':
      return { value: param.default ?? `some_${name}`, kind: param.kind };
    case 'selector':
      return { value: sampleSelector(param, params), kind: param.kind, identity: param.identity ?? [] };
    case 'number':
      return { value: param.default ?? '1', kind: param.kind };
    case 'value':
      return { value: param.default ?? 'some', kind: param.kind };
  }
}

/** A query of the pack with sample values of its parameters. */
export function fillQuery({ params }: Pack, expr: string, language: 'promql' | 'logql'): string {
  const scrape = params['scrape']?.default;
  return fill(compileFill(expr, language), ({ name }) => {
    const value = sampleOf(params, name);
    return typeof value === 'string' || scrape === undefined ? value : { ...value, scrape };
  }).text;
}

/** Whether its default is made of other parameters. */
function isMade(param: Param | undefined): boolean {
  return param !== undefined && placeholdersOfDefault(param).length > 0;
}

function sampleSelector(param: Param, params: Pack['params']): string {
  if (param.default === undefined) {
    return sampleMatchers(param);
  }
  return !isMade(param)
    ? param.default
    : madeDefault(param, ({ name }) => (isMade(params[name]) ? 'it is made itself' : sampleOf(params, name))).text;
}

/** Matchers as a selector without a default may hold them; of components, one for each label that tells them apart. */
function sampleMatchers({ identity = ['job'] }: Param): string {
  return identity.map((label) => `${label}="some"`).join(',');
}

const TYPED: Readonly<Record<FixInput['kind'], FillValue>> = {
  integer: { value: 1 },
  'kubernetes-memory': { value: '512Mi' },
  'kubernetes-cpu': { value: '500m' },
  'redis-memory': { value: '2gb' },
  columns: { value: 'some_column', kind: 'columns' },
};

/** What a person might type into an input. */
export function sampleOfInput({ kind }: FixInput): FillValue {
  return TYPED[kind];
}

/** A value that a fact of this type may have; a text when its type is not known. */
export function sampleOfFact(fact: Fact | undefined): FillValue {
  switch (fact?.type) {
    case 'number':
      return { value: 1 };
    case 'boolean':
      return { value: true };
    default:
      return { value: fact?.words?.[0] ?? 'some' };
  }
}
