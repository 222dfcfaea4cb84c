/**
 * One query for many components. A query that keeps the identity labels of a scope (`{{api | labels}}`) and picks its series by
 * that scope alone (`{{api}}`) is asked once for all components of which everything else is equal.
 */
import type { BoundPack } from '../model/bound';
import type { Query } from '../model/pack';
import { escapeGoString, escapeRegex } from '../quoting/quote';
import { keepsLabels } from '../quoting/slot';
import { parseTemplate } from '../wording/template';

/** The values of the identity labels of one component. */
export type Identity = Readonly<Record<string, string>>;

/** Components of one query: their identities stand in the query's text, which has a length that proxies take. */
export const COMPONENTS_A_QUERY = 100;

const scopes = new WeakMap<Query, { readonly picks: ReadonlySet<string>; readonly keeps: ReadonlySet<string> }>();

/** The scope by which a query can be asked for many components at once; undefined when it cannot. */
export function vectorScope({ identities }: BoundPack, query: Query): string | undefined {
  if (identities === undefined || (query.source !== 'prometheus' && query.source !== 'loki')) {
    return undefined;
  }
  let known = scopes.get(query);
  if (known === undefined) {
    const picks = new Set<string>();
    const keeps = new Set<string>();
    for (const part of parseTemplate(query.expr)) {
      if (typeof part !== 'string') {
        (keepsLabels(part) ? keeps : picks).add(part.name);
      }
    }
    known = { picks, keeps };
    scopes.set(query, known);
  }
  const [scope, another] = [...known.picks].filter((name) => Object.hasOwn(identities, name));
  return another === undefined && scope !== undefined && known.keeps.has(scope) && known.keeps.size === 1
    ? scope
    : undefined;
}

/**
 * Label matchers that pick the series of all these components. Where they differ in several labels it picks more than theirs; what
 * belongs to none of them is left out when the answer is read.
 */
export function scopeOf(identities: readonly Identity[]): string {
  const [first = {}] = identities;
  return Object.keys(first)
    .map((label) => {
      const values = [...new Set(identities.map((identity) => identity[label] ?? ''))].sort();
      return values.length === 1
        ? `${label}="${escapeGoString(values[0] ?? '', '"')}"`
        : `${label}=~"${escapeGoString(values.map(escapeRegex).join('|'), '"')}"`;
    })
    .join(',');
}

/** The same text for equal identities. */
export function identityKey(labels: readonly string[], values: Readonly<Record<string, string | undefined>>): string {
  return labels.map((label) => values[label] ?? '').join('\u0000');
}
