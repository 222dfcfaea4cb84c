/**
 * Names under which a session keeps its statements: the server reads and plans each of them once, and not in every round.
 * Only for a session that has a server process of its own: a pooler may give the next transaction another one.
 */
import { randomBytes } from 'node:crypto';

/** Names that a session is given at most: so many plans take a few megabytes of the server process. */
const MOST = 100;
/** A plan is made for catalogs of the size that they had then. */
const OLD_MS = 3_600_000;

export class KeptPlans {
  private readonly names = new Map<string, string>();
  /** No other session gives these names: should a pooler stand in between all the same, none meets the statement of another. */
  private readonly prefix = `live_runbooks_${randomBytes(4).toString('hex')}`;
  private given = 0;
  private plannedAt: number;

  constructor(private readonly clock: () => number = () => performance.now()) {
    this.plannedAt = clock();
  }

  /** The name for a statement; undefined: it is sent without one, and planned each time. */
  nameOf(text: string): string | undefined {
    const known = this.names.get(text);
    if (known !== undefined || this.given >= MOST) {
      return known;
    }
    this.given += 1;
    const name = `${this.prefix}_${this.given}`;
    this.names.set(text, name);
    return name;
  }

  /** The server does not take what it kept for this statement: it gets another name when it is asked again. */
  lose(text: string): void {
    this.names.delete(text);
  }

  /** From the next `takeDue` on the plans count as old: one of them took too long. */
  distrust(): void {
    this.plannedAt = -Infinity;
  }

  /** Whether the server should forget its plans now. Says so once; names stay. */
  takeDue(): boolean {
    const due = this.clock() - this.plannedAt >= OLD_MS;
    this.plannedAt = due ? this.clock() : this.plannedAt;
    return due;
  }
}
