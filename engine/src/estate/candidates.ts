/** What the answers to the discovery queries name: one candidate for each kind and identity. */
import { addTo } from '../addTo';
import type { Dialect, Kind } from '../model/estate';
import type { Reading } from '../model/outcome';
import { parseTemplate } from '../wording/template';
import { labelsOf } from './identityLabels';

export interface Candidate {
  readonly kind: Kind;
  readonly dialect: string;
  /** Labels that every component of this convention has. */
  readonly required: readonly string[];
  readonly is: Readonly<Record<string, string>>;
  /** The parts of its name, the last of which is its own: `shop`, `checkout`. */
  readonly name: readonly string[];
}

/** The id of the query that asks for the components of a kind which speak a dialect. */
export function discoveryQueryId(kind: string, dialect: string): string {
  return `discover.${kind}.${dialect}`;
}

/**
 * All candidates, in the order of the kinds and of their dialects. What two dialects name alike is told once, by the one in which it is
 * declared, else by the first.
 */
export function candidatesOf(
  kinds: readonly Kind[],
  answers: ReadonlyMap<string, Reading>,
  isDeclared: (candidate: Candidate) => boolean = () => false
): Candidate[] {
  return kinds.flatMap((kind) => {
    const found: Candidate[] = [];
    const byIdentity = new Set<string>();
    const byName = new Map<string, Candidate[]>();
    const all = Object.entries(kind.dialects).flatMap(([id, dialect]) => candidatesIn(kind, id, dialect, answers));
    for (const candidate of [...all.filter(isDeclared), ...all.filter((one) => !isDeclared(one))]) {
      const alike = byName.get(baseOf(candidate)) ?? [];
      const isKnown = alike.some((other) => other.dialect !== candidate.dialect && sameName(other, candidate));
      const key = JSON.stringify(Object.entries(candidate.is).sort());
      if (!byIdentity.has(key) && (!isKnown || isDeclared(candidate))) {
        byIdentity.add(key);
        addTo(byName, baseOf(candidate), candidate);
        found.push(candidate);
      }
    }
    return found;
  });
}

/** What the answer to one query of discovery names. */
function candidatesIn(
  kind: Kind,
  dialect: string,
  { name }: Dialect,
  answers: ReadonlyMap<string, Reading>
): Candidate[] {
  const { labels, optional } = labelsOf(kind, dialect);
  const answer = answers.get(discoveryQueryId(kind.id, dialect));
  return (answer?.kind === 'samples' ? answer.samples : []).flatMap(({ labels: series }) => {
    const is = pick(series, [...labels, ...optional]);
    return labels.every((label) => Object.hasOwn(is, label))
      ? [{ kind, dialect, required: labels, is, name: nameOf(name, is, labels) }]
      : [];
  });
}

function pick(series: Readonly<Record<string, string>>, labels: readonly string[]): Record<string, string> {
  return Object.fromEntries(labels.flatMap((label) => (series[label] ? [[label, series[label]]] : [])));
}

/** A value may have a slash of its own, as OpenTelemetry's `job` has; where a label is missing the part is left out. */
function nameOf(template: string, is: Readonly<Record<string, string>>, required: readonly string[]): string[] {
  const filled = parseTemplate(template).map((part) => (typeof part === 'string' ? part : (is[part.name] ?? '')));
  const parts = filled
    .join('')
    .split('/')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return parts.length > 0 ? parts : required.map((label) => is[label] ?? '');
}

/** The own name, without the place. */
export function baseOf({ name }: Candidate): string {
  return name.at(-1) ?? '';
}

/** Labels that say where a component is. Many components share them, so alone they tell none apart. */
export function isPlace(label: string): boolean {
  return /namespace|cluster/.test(label);
}

function namespaceOf({ is, name }: Candidate): string | undefined {
  const label = Object.keys(is).find((each) => each.includes('namespace'));
  return label === undefined ? name.at(-2) : is[label];
}

/** Equal names in one namespace; a candidate that tells no namespace may be of any. */
export function sameName(a: Candidate, b: Candidate): boolean {
  const [here, there] = [namespaceOf(a), namespaceOf(b)];
  return baseOf(a) === baseOf(b) && (here === undefined || there === undefined || here === there);
}
