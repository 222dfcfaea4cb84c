/** Who needs whom. */
import type { Effect } from './effect';

/** Where a component or an arrow comes from. */
export type EstateOrigin = 'declared' | 'discovered' | 'measured';

/** `from` needs `to`: trouble at `to` may be why `from` is in trouble. With `drains`, `to` takes from the queue `from`. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly origin: EstateOrigin;
  /** The effects at `from` that may come over this arrow; all when absent. */
  readonly carries?: readonly Effect[];
  /** The role of `to` for `from`: what a kind of `from` combines with signals of `to` is asked through it. */
  readonly as?: string;
  /** Values of the parameters of that role. */
  readonly with?: Readonly<Record<string, string>>;
  /** The name under which `from` was measured. */
  readonly client?: string;
  /** Any trouble of `to` shows at `from` as a backlog, and as nothing else. */
  readonly drains?: true;
}
