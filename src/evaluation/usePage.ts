/** What Triage and Runbook share: a question from the URL, its evaluation, the sources' health, and one refresh for all. */
import { useCallback, useMemo, useState } from 'react';
import { useLiveRunbooks } from '../context/LiveRunbooks';
import { DEFAULT_REFRESH_SECONDS } from '../grafana/settings';
import type { PageUrl } from '../url/pageUrl';
import { sourceHealth, unaskedSources, type KnownHealth } from '../view/sourceHealth';
import type { Evaluation, Question } from './evaluation';
import { useEvaluation } from './useEvaluation';
import { usePolled } from './usePolled';

/** Probes of the sources that the question does not ask: health changes rarely, and each costs a request. */
const HEALTH_SECONDS = 30;

export interface PageState {
  readonly evaluation: Evaluation | undefined;
  readonly health: readonly KnownHealth[] | undefined;
  readonly refreshSeconds: number;
  readonly refresh: () => void;
}

/**
 * @param question has to keep its identity as long as it asks the same
 * @param hurry seconds between evaluations while something is being watched closely
 */
export function usePage(question: Question | undefined, url: PageUrl, hurry?: number): PageState {
  const { sources, settings, clock } = useLiveRunbooks();
  const chosen = url.refresh ?? settings.refreshSeconds ?? DEFAULT_REFRESH_SECONDS;
  const every = hurry === undefined ? chosen : Math.min(chosen || hurry, hurry);
  const [asked, setAsked] = useState(0);
  const { evaluation, again } = useEvaluation(sources, question, every, clock);
  const askHealth = useCallback(
    (signal: AbortSignal) => sources.health(signal, unaskedSources(question)),
    [sources, question]
  );
  const probed = usePolled(askHealth, chosen > 0 ? Math.max(chosen, HEALTH_SECONDS) : 0, asked);
  const health = useMemo(() => sourceHealth(question, evaluation, probed), [question, evaluation, probed]);
  const refresh = useCallback(() => {
    again();
    setAsked((n) => n + 1);
  }, [again]);
  return { evaluation, health, refreshSeconds: chosen, refresh };
}
