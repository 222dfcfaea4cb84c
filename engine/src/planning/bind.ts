import { matchersOf } from '../quoting/selector';
import { isDuration, parseDuration } from '../wording/duration';
import type { BindProblem, BoundPack, Given, ValueOrigin } from '../model/bound';
import type { Pack, Param } from '../model/pack';
import { madeDefault, placeholdersOfDefault } from './madeDefault';

const GRAMMAR: Readonly<Record<Param['kind'], { matches: (value: string) => boolean; says: string }>> = {
  value: { matches: (value) => !/\u0000/.test(value), says: 'a text without NUL characters' },
  metric: {
    matches: (value) => /^[A-Za-z_:][A-Za-z0-9_:]*$/.test(value),
    says: 'a metric name like `http_requests_total`',
  },
  duration: {
    matches: (value) => isDuration(value) && parseDuration(value) > 0,
    says: 'a duration above zero like `5m` or `1h30m`',
  },
  selector: { matches: (value) => matchersOf(value) !== undefined, says: 'label matchers like `job="api",env!="dev"`' },
  number: { matches: (value) => /^-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(value), says: 'a number' },
};

/**
 * Gives every parameter its value: from the URL, else the alert's label, else the configuration, else the default.
 * A value that does not fit its kind is refused, not passed over for a weaker source: evaluating something else than
 * what was asked for would mislead. Nothing is thrown; see `problems`.
 */
export function bind(pack: Pack, given: Given): BoundPack {
  const values: Record<string, string> = {};
  const from: Record<string, ValueOrigin> = {};
  const problems: Record<string, BindProblem> = {};
  const isMade = ([, param]: readonly [string, Param]) => placeholdersOfDefault(param).length > 0;
  const params = Object.entries(pack.params);
  // What is made of others comes after them.
  for (const [name, param] of [...params.filter((each) => !isMade(each)), ...params.filter(isMade)]) {
    const candidates: Array<[ValueOrigin, string | undefined]> = [
      ['url', own(given.url, `var-${name}`) ?? own(given.url, name)],
      ['label', param.label === undefined ? undefined : own(given.labels, param.label)],
      ['configured', own(given.configured, name)],
      ['default', defaultOf(param, pack, values)],
    ];
    const found = candidates.find(([, value]) => value !== undefined && value !== '');
    if (found?.[1] === undefined) {
      const part = placeholdersOfDefault(param).find((placeholder) => Object.hasOwn(problems, placeholder.name));
      const problem = part === undefined ? undefined : problems[part.name];
      if (problem !== undefined) {
        problems[name] = problem;
      } else if (param.required) {
        problems[name] = {
          code: 'missing',
          message: `The parameter ${name} (${param.title}) has no value.`,
          mend: `Set ${name} in the configuration of the app${param.label === undefined ? '' : `, or open the runbook from an alert with the label ${param.label}`}.`,
        };
      }
      continue;
    }
    const [origin, value] = found;
    const wrong = refusal(param, value);
    if (wrong === undefined) {
      values[name] = value;
      from[name] = origin;
    } else {
      problems[name] = {
        code: 'refused',
        message: `The parameter ${name} (${param.title}) is not ${wrong}: ${shorten(value)}`,
        mend: `Give ${name} ${wrong}; the value came from the ${ORIGIN_WORDS[origin]}.`,
        from: origin,
      };
    }
  }
  return { pack, values, from, problems };
}

/** Undefined without a default, and where a parameter of which it is made has no value. */
function defaultOf(param: Param, pack: Pack, values: Readonly<Record<string, string>>): string | undefined {
  if (placeholdersOfDefault(param).length === 0) {
    return param.default;
  }
  const { text, missing } = madeDefault(param, ({ name }) => {
    const value = own(values, name);
    const kind = pack.params[name]?.kind;
    return value === undefined || kind === undefined ? 'it has no value' : { value, kind };
  });
  return missing.length === 0 ? text : undefined;
}

const ORIGIN_WORDS: Readonly<Record<ValueOrigin, string>> = {
  url: 'address of the page',
  label: 'labels of the alert',
  configured: 'configuration of the app',
  default: 'pack itself',
};

/** What a value would have to be, when it is not; for bind and for lint of defaults. */
export function refusal(param: Param, value: string): string | undefined {
  const grammar = GRAMMAR[param.kind];
  if (!grammar.matches(value)) {
    return grammar.says;
  }
  if (param.pattern !== undefined && !new RegExp(`^(?:${param.pattern})$`, 'u').test(value)) {
    return `a text that matches ${param.pattern}`;
  }
  return undefined;
}

function own(record: Readonly<Record<string, string | undefined>> | undefined, name: string): string | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}

function shorten(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}
