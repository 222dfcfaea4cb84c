/**
 * One round for all viewers. A request gets the last round while that is younger than the interval, or joins the one that
 * is being taken, or has one taken now. A slow client does not delay the others.
 */
import type { CheckResult } from '@live-runbooks/engine';
import { SinceTracker } from '../model/since';
import type { Round, Starved, TakenRound, Target } from '../model/round';
import { giveBenefitOfDoubt } from './benefitOfDoubt';
import { Silence } from './silence';
import { SlowTwice } from './slowTwice';

/** What a round may take, so that an answer with everything around it stays below two seconds. */
export const ROUND_BUDGET_MS = 1700;

export interface SharedRoundsOptions {
  readonly intervalMs: number;
  /** Called for each round that was really taken. */
  readonly onRound?: (round: Round) => void;
  readonly scrub: (text: string) => string;
  /** How little of the CPU the service gets now; null: enough. */
  readonly starved: () => Starved | null;
  /** The last rounds before a restart, the oldest first, so that `since` goes on. */
  readonly before?: readonly Round[];
}

/** A round that took longer than this met a server in trouble: its answers are moments old, and others would come too late. */
const SLOW_MS = 600;

export interface RoundOptions {
  /** Nobody waits for it: what changes slowly and was fine may be as it was. */
  readonly unasked?: boolean;
}

export class SharedRounds {
  private last: { readonly round: Round; readonly takenAt: number; readonly unasked: boolean } | undefined;
  private running: { readonly round: Promise<Round>; readonly unasked: boolean } | undefined;
  /** The next round, for requests that come during a round of the background. */
  private next: Promise<Round> | undefined;
  private readonly single = new Map<string, Promise<CheckResult>>();
  private readonly since = new SinceTracker();
  private readonly silence = new Silence();
  private readonly slowTwice = new SlowTwice();

  constructor(
    readonly target: Target,
    private readonly options: SharedRoundsOptions
  ) {
    this.since.recall(options.before ?? []);
  }

  /** The last round had no answer, and the next one tells whether that lasts. */
  get isDoubtful(): boolean {
    return this.silence.pending;
  }

  /** Since the last round began; infinite before the first has ended. */
  ageMs(): number {
    return performance.now() - (this.last?.takenAt ?? -Infinity);
  }

  /** The last round, or one taken now if that is older than the interval. */
  round({ unasked = false }: RoundOptions = {}): Promise<Round> {
    const { last, running } = this;
    if (last !== undefined && performance.now() - last.takenAt < this.options.intervalMs && serves(last, unasked)) {
      return Promise.resolve(last.round);
    }
    if (running === undefined) {
      return this.begin(ROUND_BUDGET_MS, unasked);
    }
    if (serves(running, unasked)) {
      return running.round;
    }
    this.next ??= this.after(running.round).finally(() => {
      this.next = undefined;
    });
    return this.next;
  }

  private async after(running: Promise<Round>): Promise<Round> {
    const startedAt = performance.now();
    const round = await running;
    const spent = performance.now() - startedAt;
    if (spent > SLOW_MS) {
      return round;
    }
    const { running: now } = this;
    return now !== undefined && serves(now, false) ? now.round : this.begin(ROUND_BUDGET_MS - spent, false);
  }

  private begin(budgetMs: number, unasked: boolean): Promise<Round> {
    const begun = {
      unasked,
      round: this.take(budgetMs, unasked).finally(() => {
        this.running = this.running === begun ? undefined : this.running;
      }),
    };
    this.running = begun;
    return begun.round;
  }

  private async take(budgetMs: number, unasked: boolean): Promise<Round> {
    const takenAt = performance.now();
    const taken = await this.target.take({ budgetMs, unasked });
    const round = this.finish(taken);
    this.last = { round, takenAt, unasked };
    this.options.onRound?.(round);
    return round;
  }

  private finish(taken: TakenRound): Round {
    const starved = this.options.starved();
    const heard = this.silence.judge(taken, performance.now(), starved !== null);
    const judged = giveBenefitOfDoubt(starved === null ? this.slowTwice.judge(heard) : heard, starved);
    return this.since.mark(clean(judged, this.options.scrub));
  }

  /** One check, run now. People who press the button together share one run. */
  check(id: string): Promise<CheckResult> {
    const joined = this.single.get(id);
    if (joined !== undefined) {
      return joined;
    }
    const run = this.runCheck(id).finally(() => this.single.delete(id));
    this.single.set(id, run);
    return run;
  }

  private async runCheck(id: string): Promise<CheckResult> {
    const startedAt = performance.now();
    const spent = (): number => performance.now() - startedAt;
    const running = await this.running?.round.catch(() => undefined);
    const inRound = running?.checks.find((check) => check.id === id);
    if (inRound !== undefined && spent() > SLOW_MS) {
      return inRound;
    }
    const taken = await this.target.take({ budgetMs: ROUND_BUDGET_MS - spent(), only: [id] });
    const round = this.finish(taken);
    const result = round.checks.find((check) => check.id === id);
    if (result === undefined) {
      throw new Error(`the target ${this.target.id} has no check ${id}`);
    }
    return result;
  }
}

/** A request is not answered with a round of the background, which may leave something out. */
const serves = (round: { readonly unasked: boolean }, unasked: boolean): boolean => unasked || !round.unasked;

/** Texts that quote a server or a person. Names and ids are left alone, even if a password is an ordinary word. */
const QUOTES = new Set(['summary', 'mend', 'message', 'query', 'command']);

/** Takes every secret of the configuration out of every text that might quote one. */
function clean(round: Round, scrub: (text: string) => string): Round {
  return JSON.parse(JSON.stringify(round), (key, value: unknown) =>
    typeof value === 'string' && QUOTES.has(key) ? scrub(value) : value
  ) as Round;
}
