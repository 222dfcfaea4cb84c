/**
 * What an estate may do without, and never had: not connected is a limit that is named, not a failure that is to be mended. A
 * source that is connected and fails is none.
 */
import type { CompiledSignal } from '../compiled/model';
import { listed } from '../wording/listed';
import type { Outcome } from '../model/outcome';
import type { Unread } from '../model/seen';

export interface Limit {
  /** Keys of the signals that are not checked because of it. */
  readonly signals: ReadonlySet<string>;
  /** As a sentence. */
  readonly says: string;
}

/**
 * The limit of an estate without logs: every signal of Loki is not configured, and so may be its alert rules. Undefined while
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
  const rules = unread.some(isUnconnected);
  if (rest || (keys.size === 0 && !rules)) {
    return undefined;
  }
  const left = [
    ...(keys.size === 0 ? [] : [`${keys.size} signal${keys.size === 1 ? '' : 's'}`]),
    ...(rules ? ['the alert rules of Loki'] : []),
  ];
  return {
    signals: keys,
    says: `Logs are not connected: ${listed(left)} ${!rules && keys.size === 1 ? 'is' : 'are'} not checked.`,
  };
}

/** What is unread and not within the limit: it failed, and is to be mended. */
export function failedBeyond(limit: Limit | undefined, unread: readonly Unread[]): readonly Unread[] {
  return limit === undefined ? unread : unread.filter((one) => !isUnconnected(one));
}

function isUnconnected({ rulesOf, reason }: Unread): boolean {
  return rulesOf === 'loki' && reason === 'not-configured';
}
