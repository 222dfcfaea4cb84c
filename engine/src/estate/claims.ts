/** What packs look at already, so that it is shown once: the series that their queries pick, and their targets. */
import type { BoundPack } from '../model/bound';
import type { Claims, LabelMatcher } from '../model/discovery';
import { plan } from '../planning/plan';
import { isPlace, type Candidate } from './candidates';

/** The claims of packs with the values that are configured: an address may name others, and changes nobody's estate. */
export function claimsOf(bounds: readonly BoundPack[]): Claims {
  const { queries } = plan(bounds);
  return {
    selectors: queries.flatMap(({ source, expr }) => (source === 'prometheus' ? selectorsOf(expr) : [])),
    targets: new Set(queries.flatMap(({ target }) => target ?? [])),
    ids: new Set(bounds.map(({ pack }) => pack.id)),
  };
}

/**
 * Whether some selector picks the candidate: it names a label that tells the candidate apart, and contradicts none of its labels.
 * A selector by namespace alone picks too much to claim anything.
 */
export function isClaimed({ is, required }: Candidate, { selectors }: Pick<Claims, 'selectors'>): boolean {
  return selectors.some((matchers) => {
    const own = matchers.filter(({ label }) => Object.hasOwn(is, label));
    const names = own.some(
      (matcher) => required.includes(matcher.label) && !isPlace(matcher.label) && isPicky(matcher)
    );
    return names && own.every((matcher) => matches(matcher, is[matcher.label] ?? ''));
  });
}

/** The label matchers of every selector in a PromQL expression. */
function selectorsOf(expr: string): LabelMatcher[][] {
  const found = new Map<string, LabelMatcher[]>();
  for (const [text] of expr.matchAll(/\{(?:[^{}"']|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')*\}/g)) {
    const matchers = [...text.matchAll(/([A-Za-z_]\w*)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')/g)];
    found.set(
      text,
      matchers.map(([, label = '', operator, quoted = '']) => ({
        label,
        operator: operator as LabelMatcher['operator'],
        value: quoted.slice(1, -1).replaceAll(/\\(.)/g, '$1'),
      }))
    );
  }
  return [...found.values()];
}

/** No label has this value: what matches it matches anything. */
const NOTHING = '\u0000';

function isPicky(matcher: LabelMatcher): boolean {
  return (matcher.operator === '=' || matcher.operator === '=~') && !matches(matcher, NOTHING);
}

function matches({ operator, value }: LabelMatcher, actual: string): boolean {
  const isEqual = operator === '=' || operator === '!=' ? actual === value : fits(value, actual);
  return operator === '=' || operator === '=~' ? isEqual : !isEqual;
}

/** RE2 knows expressions that are none here; what cannot be read claims nothing. */
function fits(pattern: string, actual: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 's').test(actual);
  } catch {
    return false;
  }
}
