import { useEffect, useState } from 'react';

/**
 * The latest answer of `ask`, asked at once and again every `everySeconds` (0 is once) while the page is visible.
 * `ask` has to keep its identity; another one starts anew and cancels the one before. `ask` must not reject.
 */
export function usePolled<T>(
  ask: (signal: AbortSignal) => Promise<T>,
  everySeconds: number,
  again: number
): T | undefined {
  const [state, setState] = useState<{ ask: typeof ask; value: T }>();
  useEffect(() => {
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const run = async () => {
      if (document.visibilityState !== 'hidden') {
        const value = await ask(controller.signal);
        if (controller.signal.aborted) {
          return;
        }
        setState({ ask, value });
      }
      if (everySeconds > 0) {
        timer = setTimeout(() => void run(), everySeconds * 1000);
      }
    };
    void run();
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
  }, [ask, everySeconds, again]);
  return state?.ask === ask ? state.value : undefined;
}
