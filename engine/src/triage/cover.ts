import { tier, type Candidate } from './suspects';

/**
 * The fewest suspects that account for every present symptom: greedy, likely suspects before possible ones, ties by
 * rank. Suspects wait in buckets by how much they would add; what they would add only shrinks, so each is looked at
 * again only when its turn comes.
 */
export function greedyCover(
  ranked: readonly Candidate[],
  reach: ReadonlyMap<Candidate, ReadonlySet<string>>,
  present: ReadonlySet<string>
): Candidate[] {
  const open = new Set(present);
  const chosen = new Set<Candidate>();
  const gain = (candidate: Candidate) => {
    let count = 0;
    reach.get(candidate)?.forEach((symptom) => (count += Number(open.has(symptom))));
    return count;
  };
  for (const sureness of [0, 1]) {
    const buckets: Array<Array<{ candidate: Candidate; rank: number }>> = [];
    const wait = (item: { candidate: Candidate; rank: number }, size: number) => (buckets[size] ??= []).push(item);
    ranked.forEach(
      (candidate, rank) => tier(candidate.main.ranked) === sureness && wait({ candidate, rank }, gain(candidate))
    );
    for (let size = buckets.length - 1; size > 0; size--) {
      for (const item of (buckets[size] ?? []).sort((a, b) => a.rank - b.rank)) {
        const now = gain(item.candidate);
        if (now < size) {
          wait(item, now);
          continue;
        }
        chosen.add(item.candidate);
        reach.get(item.candidate)?.forEach((symptom) => open.delete(symptom));
      }
    }
  }
  return ranked.filter((candidate) => chosen.has(candidate));
}
