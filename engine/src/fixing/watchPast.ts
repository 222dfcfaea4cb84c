/**
 * What a watch asks of the past. A page that was loaded anew saw nothing since the copy, and whoever opens its link saw
 * nothing at all: they ask the data, at moments at which it answers what a viewer would have seen.
 */
import { compiled } from '../compiled/compiled';
import type { BoundPack } from '../model/bound';
import type { Plan } from '../model/plan';
import { plan } from '../planning/plan';
import { parseTemplate } from '../wording/template';
import { fillFix } from './fillFix';
import { fixSignals, fixTexts } from '../compiled/fixReads';
import { GAP_MS } from './watchFix';

/** Requests that the past of one watch costs, at most. */
const MOST_REQUESTS = 8;
/** A round of the service is a while older than the moment that it is asked for: with that, no two looks are a gap apart. */
const FARTHEST_MS = GAP_MS - 15_000;
/** Closer looks show nothing new: a page that watches looks this often. */
const NEAREST_MS = 3_000;

/** Times are ms since the epoch. */
export interface WatchPast {
  /** All that the fix reads, at the moment of the copy: with it the fix is filled as it was, and its undo names the old values. */
  readonly copy: { readonly at: number; readonly plan: Plan };
  /** What shows whether it worked, at later moments in ascending order; none when nothing does. */
  readonly looks: { readonly at: readonly number[]; readonly plan: Plan };
}

/** Throws when the pack has no such fix. `now` is where looking goes on, ms. */
export function watchPast(
  bound: BoundPack,
  runbookId: string,
  fixId: string,
  copiedAt: number,
  now: number
): WatchPast {
  const { fix, verify } = fillFix(bound, runbookId, fixId, new Map());
  const { id: pack } = bound.pack;
  const ask = (signals: readonly string[]) =>
    plan([bound], { signals: withRequired(bound, signals).map((signal) => `${pack}/${signal}`) });
  const named = fixTexts(fix).flatMap((text) =>
    parseTemplate(text).flatMap((part) => (typeof part === 'string' ? [] : [part.name]))
  );
  const copy = { at: copiedAt, plan: ask([...fixSignals(fix), ...named]) };
  if (verify === undefined) {
    return { copy, looks: { at: [], plan: ask([]) } };
  }
  const looks = ask([verify.signal, ...(verify.underway === undefined ? [] : [verify.underway])]);
  const most = Math.floor((MOST_REQUESTS - requestsOf(copy.plan)) / Math.max(1, requestsOf(looks)));
  const acts = copiedAt + fix.soonest * 1000;
  const due = copiedAt + verify.within * 1000;
  return { copy, looks: { at: momentsOf({ acts, due, settled: due + verify.hold * 1000, now }, most), plan: looks } };
}

/**
 * One moment just before the command could act, the one at which its time is over, and others back from the last that
 * matters, close enough to be one run. What is left out lies further back, where only how it was before the command has to
 * be known.
 */
function momentsOf(
  { acts, due, settled, now }: { acts: number; due: number; settled: number; now: number },
  most: number
): number[] {
  const last = Math.min(settled, now);
  const step = Math.min(FARTHEST_MS, Math.max(NEAREST_MS, Math.ceil((last - acts) / Math.max(1, most - 2))));
  const after: number[] = [];
  for (let at = last; at >= acts; at = at > due && at - step < due ? due : at - step) {
    after.push(at);
  }
  return [
    acts - 1,
    ...after
      .filter((at) => at < now)
      .slice(0, most - 1)
      .reverse(),
  ].filter((at) => at < now);
}

/** The signals of this pack among the names, with what they require. */
function withRequired(bound: BoundPack, names: readonly string[]): string[] {
  const { signals } = compiled(bound.pack);
  const wanted = new Set(names.filter((name) => signals.has(name)));
  for (const name of wanted) {
    // A Set may grow while it is walked: requirements of requirements are found too.
    signals.get(name)?.signal.requires.forEach((required) => signals.has(required) && wanted.add(required));
  }
  return [...wanted];
}

/** Rounds of all targets come with one request. */
function requestsOf({ requests }: Plan): number {
  const others = requests.filter(({ source }) => source !== 'diagnostics');
  return others.length + Number(others.length < requests.length);
}
