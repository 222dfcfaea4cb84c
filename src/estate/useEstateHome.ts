import { useCallback, useEffect, useMemo, useState } from 'react';
import type { EstateSettings } from '@live-runbooks/engine';
import type { EstateAnswer, Sources } from '@live-runbooks/sources';
import { useIsLate } from '../components/useIsLate';
import { TRY_AGAIN_MS } from './Discovery';
import { homeOf, type EstateHome, type Told } from './home';

/** What one person wrote others see within this time; a service that failed is asked again sooner. Milliseconds. */
const ASK_EVERY_MS = 120_000;

const NOTHING: Told = {};

/**
 * The estate's home, undefined while it is worth waiting for, and a way to take what a write answered. While nothing changes it is the
 * same, so that no page begins anew.
 */
export function useEstateHome(
  sources: Pick<Sources, 'estate'>,
  inSettings: EstateSettings | undefined
): { readonly home: EstateHome | undefined; readonly take: (answer: EstateAnswer) => void } {
  const [state, setState] = useState<{ sources: typeof sources; told: Told }>();
  const take = useCallback(
    (answer: EstateAnswer) =>
      setState((before) => {
        const last = before?.sources === sources ? before.told : NOTHING;
        const told = toldBy(answer, last);
        return before?.sources === sources && JSON.stringify(told) === JSON.stringify(last)
          ? before
          : { sources, told };
      }),
    [sources]
  );
  useEffect(() => {
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const run = async () => {
      let wait = ASK_EVERY_MS;
      if (document.visibilityState !== 'hidden') {
        const answer = await sources.estate(controller.signal);
        if (controller.signal.aborted) {
          return;
        }
        take(answer);
        wait = answer.kind === 'failure' ? TRY_AGAIN_MS : ASK_EVERY_MS;
      }
      timer = setTimeout(() => void run(), wait);
    };
    void run();
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
  }, [sources, take]);
  const late = useIsLate(sources);
  const known = state?.sources === sources ? state.told : late ? NOTHING : undefined;
  const home = useMemo(() => known && homeOf(inSettings, known), [known, inSettings]);
  return { home, take };
}

function toldBy(answer: EstateAnswer, last: Told): Told {
  if (answer.kind !== 'failure') {
    return { answer };
  }
  const { kind: _kind, ...failure } = answer;
  return { ...last, failure };
}
