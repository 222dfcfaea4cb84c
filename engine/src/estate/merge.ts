/**
 * Which candidates are one component. Two kinds are joined where it is certain which two are meant: each is the only one of its kind
 * that fits the other. The rest stays apart.
 */
import { addTo } from '../addTo';
import { baseOf, isPlace, sameName, type Candidate } from './candidates';

type Links = ReadonlyMap<Candidate, ReadonlySet<Candidate>>;

/** Groups of candidates, each of one component. The order of groups, and inside a group, is that of the candidates. */
export function mergeCandidates(candidates: readonly Candidate[]): Candidate[][] {
  const byLabels = certain(linksByLabels(candidates), () => true);
  const byName = certain(linksByName(candidates), (candidate, kind) =>
    [...(byLabels.get(candidate) ?? [])].every((other) => other.kind.id !== kind)
  );
  return groups(candidates, [byLabels, byName]).flatMap((group) =>
    hasOneOfEachKind(group)
      ? [group]
      : groups(group, [byLabels]).flatMap((part) => (hasOneOfEachKind(part) ? [part] : part.map((one) => [one])))
  );
}

/**
 * Candidates of other kinds with the same identity: one has all the labels that tell the other apart, and what both have is equal.
 * A namespace alone tells nothing apart.
 */
export function linksByLabels(candidates: readonly Candidate[]): Links {
  const sets = new Map<string, readonly string[]>();
  const index = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    if (!candidate.required.every(isPlace)) {
      sets.set(candidate.required.join(), candidate.required);
      addTo(index, keyOf(candidate, candidate.required), candidate);
    }
  }
  return links(candidates, (candidate) =>
    [...sets.values()]
      .filter((labels) => labels.every((label) => Object.hasOwn(candidate.is, label)))
      .flatMap((labels) => index.get(keyOf(candidate, labels)) ?? [])
      .filter((other) => Object.entries(other.is).every(([label, value]) => (candidate.is[label] ?? value) === value))
  );
}

function linksByName(candidates: readonly Candidate[]): Links {
  const index = new Map<string, Candidate[]>();
  candidates.forEach((candidate) => addTo(index, baseOf(candidate), candidate));
  return links(candidates, (candidate) =>
    (index.get(baseOf(candidate)) ?? []).filter((other) => sameName(candidate, other))
  );
}

function keyOf({ is }: Candidate, labels: readonly string[]): string {
  return JSON.stringify(labels.map((label) => [label, is[label]]));
}

/** Links to candidates of other kinds, in both directions. */
function links(candidates: readonly Candidate[], to: (candidate: Candidate) => readonly Candidate[]): Links {
  const found = new Map(candidates.map((candidate) => [candidate, new Set<Candidate>()]));
  for (const candidate of candidates) {
    for (const other of to(candidate)) {
      if (other.kind.id !== candidate.kind.id && mayShareScope(candidate, other)) {
        found.get(candidate)?.add(other);
        found.get(other)?.add(candidate);
      }
    }
  }
  return found;
}

/** Where two kinds pick their series by one parameter, a component of both has one identity. */
function mayShareScope(a: Candidate, b: Candidate): boolean {
  const text = ({ is }: Candidate) => JSON.stringify(Object.entries(is).sort());
  return a.kind.identity.scope !== b.kind.identity.scope || text(a) === text(b);
}

/** The links between two that are each the only one of its kind that fits the other. */
function certain(all: Links, isOpen: (candidate: Candidate, kind: string) => boolean): Links {
  const only = (from: Candidate, kind: string) =>
    [...(all.get(from) ?? [])].filter((other) => other.kind.id === kind).length === 1;
  return new Map(
    [...all].map(([candidate, others]) => [
      candidate,
      new Set(
        [...others].filter(
          (other) =>
            only(candidate, other.kind.id) &&
            only(other, candidate.kind.id) &&
            isOpen(candidate, other.kind.id) &&
            isOpen(other, candidate.kind.id)
        )
      ),
    ])
  );
}

function groups(candidates: readonly Candidate[], links: readonly Links[]): Candidate[][] {
  const among = new Set(candidates);
  const placed = new Set<Candidate>();
  return candidates.flatMap((first) => {
    if (placed.has(first)) {
      return [];
    }
    const group = new Set([first]);
    // A set hands out what is added while it is walked.
    for (const candidate of group) {
      placed.add(candidate);
      links
        .flatMap((each) => [...(each.get(candidate) ?? [])])
        .forEach((other) => among.has(other) && group.add(other));
    }
    return [candidates.filter((candidate) => group.has(candidate))];
  });
}

function hasOneOfEachKind(group: readonly Candidate[]): boolean {
  return new Set(group.map(({ kind }) => kind.id)).size === group.length;
}
