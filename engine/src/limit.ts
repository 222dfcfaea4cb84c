/**
 * What an estate may do without, and never had: not connected is a limit that is named, not a failure that is to be mended. A
 * source that is connected and fails is none.
 */
import type { CompiledSignal } from './compiled';
import type { Outcome } from './model/outcome';
import type { Unread } from './model/seen';

export interface Limit {
  /** Keys of the signals that are not checked because of it. */
  readonly signals: ReadonlySet<string>;
  /** As a sentence. */
  readonly says: string;
}

/**
 * The limit of an estate without logs: every signal of Loki is not configured, and its alert rules are not known. Undefined while
 * any of them was answered or failed otherwise, and where nothing asks for logs.
 * @param outcomes one for each signal
 */
export function limitOf(
  signals: readonly CompiledSignal[],
  outcomes: readonly Outcome[],
  unread: readonly Unread[]
): Limit | undefined {
  const keys = new Set<string>();
  let rest = false;
  signals.forEach(({ signal, key }, index) => {
    if (signal.query.source === 'loki') {
      const outcome = outcomes[index];
      keys.add(key);
      rest ||= outcome?.state !== 'unknown' || outcome.reason !== 'not-configured';
    }
  });
  const rules = unread.filter(isOfLogs);
  if (rest || (keys.size === 0 && !rules.some(({ reason }) => reason === 'not-configured'))) {
    return undefined;
  }
  const counted = keys.size === 0 ? [] : [`${keys.size} signal${keys.size === 1 ? '' : 's'}`];
  return {
    signals: keys,
    says: `Logs are not connected: ${[...counted, 'the alert rules of Loki'].join(' and ')} are not checked.`,
  };
}

/** Whether something unread lies within the limit, once there is one. */
export function isOfLogs({ rulesOf }: Unread): boolean {
  return rulesOf === 'loki';
}
