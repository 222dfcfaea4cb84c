/**
 * Many viewers, one round. Whoever asks gets the last round while it is younger than the interval, or joins the one that
 * is being taken, or has one taken now. A slow client costs nobody anything.
 */
import type { CheckResult } from '@live-runbooks/engine';
import { SinceTracker } from '../model/since';
import type { Round, Starved, TakenRound, Target } from '../model/round';
import { giveBenefitOfDoubt } from './benefit-of-doubt';

/** What a round may take, so that an answer with everything around it stays below two seconds. */
export const ROUND_BUDGET_MS = 1700;

export interface KeeperOptions {
  readonly intervalMs: number;
  /** Called for each round that was really taken. */
  readonly onRound?: (round: Round) => void;
  readonly scrub: (text: string) => string;
  /** How little of the CPU the service gets now; null: enough. */
  readonly starved: () => Starved | null;
  /** The last rounds before a restart, the oldest first, so that `since` goes on. */
  readonly before?: readonly Round[];
}

export class RoundKeeper {
  private last: { readonly round: Round; readonly takenAt: number } | undefined;
  private running: Promise<Round> | undefined;
  private readonly single = new Map<string, Promise<CheckResult>>();
  private readonly since = new SinceTracker();

  constructor(
    readonly target: Target,
    private readonly options: KeeperOptions
  ) {
    this.since.recall(options.before ?? []);
  }

  /** The last round, or one taken now if that is older than the interval. */
  round(): Promise<Round> {
    if (this.last !== undefined && performance.now() - this.last.takenAt < this.options.intervalMs) {
      return Promise.resolve(this.last.round);
    }
    this.running ??= this.take().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async take(): Promise<Round> {
    const takenAt = performance.now();
    const taken = await this.target.take({ budgetMs: ROUND_BUDGET_MS });
    const round = this.finish(taken);
    this.last = { round, takenAt };
    this.options.onRound?.(round);
    return round;
  }

  private finish(taken: TakenRound): Round {
    return this.since.mark(clean(giveBenefitOfDoubt(taken, this.options.starved()), this.options.scrub));
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
    const running = await this.running?.catch(() => undefined);
    const inRound = running?.checks.find((check) => check.id === id);
    if (inRound !== undefined && spent() > 600) {
      // The round was slow, so the server is in trouble; its answer is moments old, and another would come too late.
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

/** Texts that quote a server or a person. Names and ids are left alone, even if a password is an ordinary word. */
const QUOTES = new Set(['summary', 'mend', 'message', 'query', 'command']);

/** Takes every secret of the configuration out of every text that might quote one. */
function clean(round: Round, scrub: (text: string) => string): Round {
  return JSON.parse(JSON.stringify(round), (key, value: unknown) =>
    typeof value === 'string' && QUOTES.has(key) ? scrub(value) : value
  ) as Round;
}
