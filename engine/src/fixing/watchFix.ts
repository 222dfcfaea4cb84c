/**
 * Whether a fix worked: a pure function of what was seen and when. What is good is credited to the command only when it
 * was seen to become so between the earliest moment at which the command can have acted and the end of its time, and when
 * it then stayed so.
 */
import type { FilledFix, FixWatch } from '../model/fix';
import type { Outcome } from '../model/outcome';
import { formatDuration, formatUnit } from '../wording/units';

/** What was seen before the copy says how it was at the copy only while it is this fresh. */
const FRESH_MS = 60_000;
/** Between two looks farther apart than this the signal may have gone and come back. */
export const GAP_MS = 90_000;

type Verify = NonNullable<FilledFix['verify']>;

interface Sight {
  /** The newest known outcome that is not as wished. */
  readonly bad?: Outcome;
  /** The first wished one after it. */
  readonly improved?: Outcome;
  /** The present run of wished outcomes without a gap and without an unknown one. */
  readonly run?: { readonly begun: Outcome; readonly last: Outcome };
  /** A credited improvement has lasted for the hold time, and no bad outcome was seen since. */
  readonly held: boolean;
  /** The newest return from wished to not wished. */
  readonly relapse?: { readonly good: Outcome; readonly bad: Outcome };
}

/**
 * Watches whether a fix worked. `history` holds the outcomes of its `verify` signal, and of `underway` if it names one, in
 * any order; `copiedAt` and `clock` are in ms.
 */
export function watchFix(filled: FilledFix, history: readonly Outcome[], copiedAt: number, clock: number): FixWatch {
  const { verify, fix } = filled;
  if (verify === undefined) {
    return { state: 'unknown', says: fix.unverified ?? 'No signal shows whether this worked.' };
  }
  const earliest = copiedAt + fix.soonest * 1000;
  const due = copiedAt + verify.within * 1000;
  const seen = [...(verify.before === undefined ? [] : [verify.before]), ...history]
    .filter(({ signal, askedAt }) => signal === verify.signal && askedAt > 0)
    .sort((a, b) => a.askedAt - b.askedAt);
  const before = seen.filter(({ askedAt, state }) => askedAt < earliest && state !== 'unknown').at(-1);
  const after = seen.filter(({ askedAt }) => askedAt >= earliest);
  const newest = after.at(-1);
  // A server's clock may be a little ahead of the viewer's.
  const now = Math.max(clock, newest?.askedAt ?? 0);
  const name = verify.title;

  if (before?.state === verify.becomes) {
    return {
      state: 'unknown',
      says: `“${name}” was already as wished before the command could act (${valueOf(before, verify)}), so it cannot show whether the command worked.`,
    };
  }
  const credited = (sight: Sight) =>
    sight.improved !== undefined &&
    sight.improved.askedAt <= due &&
    sight.bad !== undefined &&
    sight.bad.askedAt >= copiedAt - FRESH_MS;
  const sight = look(before, after, verify, credited);
  const undoWhenDue = (): Pick<FixWatch, 'undo'> =>
    filled.rollback !== undefined && now >= due && settled(verify, history, earliest)
      ? { undo: filled.rollback.replace(/\.$/, '') }
      : {};

  if (sight.held && sight.improved) {
    const tookMs = sight.improved.askedAt - copiedAt;
    return {
      state: 'worked',
      says: `${change(verify, sight.bad, sight.run?.last ?? sight.improved)} in ${seconds(tookMs)}, and it has stayed so for ${formatDuration(verify.hold)}${newest?.state === 'unknown' ? '; now it cannot be checked' : ''}.`,
      tookMs,
    };
  }
  if (sight.improved) {
    return improving(sight, sight.improved, credited(sight));
  }
  if (sight.relapse) {
    const { good, bad } = sight.relapse;
    return {
      state: 'relapsed',
      says: `It came back: ${name} was ${valueOf(good, verify)} and is ${valueOf(sight.bad ?? bad, verify)} again, ${seconds(bad.askedAt - copiedAt)} after the copy.`,
      ...undoWhenDue(),
    };
  }
  const bad = after.some(({ state }) => state !== 'unknown') ? sight.bad : undefined;
  if (bad !== undefined && bad.askedAt >= due) {
    return settled(verify, history, earliest)
      ? {
          state: 'no-change',
          says: `${change(verify, before, bad)}: after ${seconds(now - copiedAt)} it is not yet true that ${verify.says}. Try the next cause.`,
          ...undoWhenDue(),
        }
      : {
          state: 'waiting',
          says: `The command may still be at work: ${name} is ${valueOf(bad, verify)}.`,
          leftMs: 0,
        };
  }
  if (now < due) {
    const latest = bad ?? before;
    return {
      state: 'waiting',
      says: `Waiting up to ${formatDuration(verify.within)} for: ${verify.says}${latest?.value === undefined ? '' : ` (now ${valueOf(latest, verify)})`}.`,
      leftMs: due - now,
    };
  }
  return blind();

  /** It is as wished now, and not yet for long enough, or not by this command. */
  function improving({ run, relapse, bad }: Sight, improved: Outcome, creditable: boolean): FixWatch {
    if (!creditable) {
      if (relapse) {
        return {
          state: 'relapsed',
          says: `It came back after ${seconds(relapse.bad.askedAt - copiedAt)}. It is as wished again now (${valueOf(improved, verify as Verify)}), later than this command could act.`,
        };
      }
      const why =
        bad === undefined
          ? 'and how it was before the command is not known'
          : improved.askedAt > due
            ? `only ${seconds(improved.askedAt - copiedAt)} after the copy, later than this command could act`
            : 'and how it was just before the command is not known';
      return {
        state: 'unknown',
        says: `“${name}” is as wished now (${valueOf(improved, verify as Verify)}), ${why}: whether the command did it cannot be said.`,
      };
    }
    const lastSeen = run?.last.askedAt ?? improved.askedAt;
    if (now > due + (verify as Verify).hold * 1000 && (newest?.state === 'unknown' || now > lastSeen + GAP_MS)) {
      return blind();
    }
    return {
      state: 'waiting',
      says: `${change(verify as Verify, bad, run?.last ?? improved)} after ${seconds(improved.askedAt - copiedAt)}; now it has to stay so for ${formatDuration((verify as Verify).hold)}.`,
      leftMs: Math.max(0, (run?.begun.askedAt ?? now) + (verify as Verify).hold * 1000 - now),
    };
  }

  function blind(): FixWatch {
    const unseen = newest?.state === 'unknown' ? newest : undefined;
    return {
      state: 'unknown',
      says: `Whether it worked cannot be said: “${name}” could not be checked${unseen?.detail === undefined ? '' : ` (${unseen.detail})`}.${unseen?.mend === undefined ? '' : ` ${unseen.mend}`}`,
    };
  }
}

/** Walks through what was seen since the command could act. */
function look(
  before: Outcome | undefined,
  after: readonly Outcome[],
  { becomes, hold }: Verify,
  credited: (sight: Sight) => boolean
): Sight {
  let sight: Sight = before === undefined ? { held: false } : { bad: before, held: false };
  for (const outcome of after) {
    if (outcome.state === 'unknown') {
      const { run: _broken, ...rest } = sight;
      sight = rest;
    } else if (outcome.state === becomes) {
      const { run } = sight;
      const next: Sight = {
        ...sight,
        improved: sight.improved ?? outcome,
        run:
          run !== undefined && outcome.askedAt - run.last.askedAt <= GAP_MS
            ? { begun: run.begun, last: outcome }
            : { begun: outcome, last: outcome },
      };
      const lasted = outcome.askedAt - (next.run?.begun.askedAt ?? outcome.askedAt) >= hold * 1000;
      sight = { ...next, held: sight.held || (lasted && credited(next)) };
    } else {
      const good = sight.run?.last ?? sight.improved;
      const relapse = good === undefined ? sight.relapse : { good, bad: outcome };
      sight = { bad: outcome, held: false, ...(relapse === undefined ? {} : { relapse }) };
    }
  }
  return sight;
}

/** The command's own work is known to be over, as far as a signal can tell. */
function settled({ underway }: Verify, history: readonly Outcome[], earliest: number): boolean {
  if (underway === undefined) {
    return true;
  }
  const last = history
    .filter(({ signal, askedAt }) => signal === underway && askedAt >= earliest)
    .sort((a, b) => a.askedAt - b.askedAt)
    .at(-1);
  return last?.state === 'absent';
}

function change(verify: Verify, before: Outcome | undefined, after: Outcome): string {
  return before === undefined
    ? `${verify.title}: ${valueOf(after, verify)} now`
    : `${verify.title}: ${valueOf(before, verify)} → ${valueOf(after, verify)}`;
}

function valueOf(outcome: Outcome, { unit }: Verify): string {
  return outcome.value === undefined ? outcome.state : formatUnit(outcome.value, outcome.unit ?? unit);
}

function seconds(ms: number): string {
  return formatDuration(ms / 1000);
}
