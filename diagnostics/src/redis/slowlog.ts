/** Entries of SLOWLOG and of Valkey's COMMANDLOG. */
import { Unanswered } from '../model/check';
import { round3 } from '../model/clock';
import { CounterWindow } from '../model/window';
import { redactRedisCommand } from '../redact/redisCommand';
import type { RedisCheckContext } from './context';
import type { Answer, Reply } from './session';

export interface SlowlogEntry {
  readonly id: number;
  /** ISO 8601 */
  readonly at: string;
  /** µs that it ran; of a large request or reply, its bytes. */
  readonly micros: number;
  /** Without its arguments. */
  readonly command: string;
  /** Of the client: `10.0.0.7:51234`, and the name that it gave itself; empty before Redis 4. */
  readonly address: string;
  readonly name: string;
}

/** Newest first. Errors: the server's, and `Unanswered` when the form is not known. */
export function readSlowlog(reply: Answer): readonly SlowlogEntry[] {
  if (reply instanceof Error) {
    throw reply;
  }
  return (Array.isArray(reply) ? (reply as readonly Reply[]) : []).flatMap(readEntry);
}

/** A command of this service: by its name, or where it may not name itself by its address. */
export const isOwn = ({ address, name }: SlowlogEntry, self: RedisCheckContext['self']): boolean =>
  name === self.name || address === self.address;

/** `[id, seconds, micros, [command, …], address, name]` */
function readEntry(entry: Reply): SlowlogEntry[] {
  if (!Array.isArray(entry)) {
    return [];
  }
  const [id, seconds, micros, words, address, name] = entry as readonly Reply[];
  if (!Array.isArray(words)) {
    throw new Unanswered('query-error', 'SLOWLOG GET answered in an unknown form', 'Check the version of the server.');
  }
  return [
    {
      id: Number(id),
      at: new Date(Number(seconds) * 1000).toISOString(),
      micros: Number(micros),
      command: redactRedisCommand((words as readonly Reply[]).map(String)),
      address: String(address ?? ''),
      name: String(name ?? ''),
    },
  ];
}

/** Entries of a log that others caused, of which the newest are seen in each round: their ids only grow until a restart. */
export class EntryCounter {
  private readonly window: CounterWindow;
  private counted = 0;
  private newestId: number | undefined;

  constructor(windowSeconds: number) {
    this.window = new CounterWindow(windowSeconds);
  }

  /** `entries`: the newest first. Null before the second round. */
  perMinute(entries: readonly SlowlogEntry[], self: RedisCheckContext['self'], now: number): number | null {
    const last = entries[0]?.id;
    // An emptied log says nothing, so the count stays.
    if (last !== undefined) {
      const since = this.newestId === undefined || last < this.newestId ? last + 1 : last - this.newestId;
      const own = entries.filter((each) => each.id > last - since && isOwn(each, self)).length;
      this.counted += since - own;
      this.newestId = last;
    }
    const seen = this.window.perMinute(now, this.counted);
    return seen === null ? null : round3(seen);
  }
}
