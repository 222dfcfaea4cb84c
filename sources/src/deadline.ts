import type { Answer, Ask, AskRequest } from './ask';

export type Asked =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'unreachable'; readonly detail: string };

/**
 * Asks with a deadline of its own. Settles at the deadline or at the abort even if `ask` ignores its signal, so that a
 * client that hangs cannot hang the page. Never rejects.
 */
export function askWithin(ask: Ask, request: AskRequest, timeoutMs: number, signal?: AbortSignal): Promise<Asked> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve({ kind: 'cancelled' });
      return;
    }
    const controller = new AbortController();
    const settle = (asked: Asked) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      resolve(asked);
    };
    const cancel = () => {
      settle({ kind: 'cancelled' });
      controller.abort();
    };
    const timer = setTimeout(() => {
      settle({ kind: 'timeout' });
      controller.abort();
    }, timeoutMs);
    signal?.addEventListener('abort', cancel);

    const failed = (error: unknown) =>
      settle(isAbort(error) ? { kind: 'cancelled' } : { kind: 'unreachable', detail: messageOf(error) });
    try {
      ask(request, controller.signal).then((answer) => settle({ kind: 'answer', answer }), failed);
    } catch (error) {
      failed(error);
    }
  });
}

/** Grafana's client cancels a request of its own accord when another one takes its place: that is not a failure. */
function isAbort(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) {
    return false;
  }
  return ('name' in error && error.name === 'AbortError') || ('cancelled' in error && error.cancelled === true);
}

function messageOf(error: unknown): string {
  if (error instanceof Error) {
    const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
    return `${error.message}${cause}`;
  }
  return typeof error === 'string' ? error : 'the request failed';
}
