/**
 * Sends what the sources ask through Grafana's own client. Grafana throws on every status that is not 2xx, and one
 * failing query makes the whole answer a 400 that still carries the good frames: so the body is recovered from the error.
 * It also throws, without the status and the text, when an answer says that it is JSON and is cut off: so the text is
 * asked for and read here, and whoever reads the answer sees what came.
 */
import { getBackendSrv, isFetchError } from '@grafana/runtime';
import type { Ask } from '@live-runbooks/sources';

/** Resolves with any HTTP status; rejects only when the request was cancelled or never got an answer. */
export const askGrafana: Ask = (request, signal) =>
  new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(abortError());
      return;
    }
    const answers = getBackendSrv().fetch<unknown>({
      url: request.url,
      method: request.method,
      params: request.params,
      headers: request.headers,
      data: request.body,
      responseType: 'text',
      // The page says what failed, where it matters; a toast would only cover it.
      showErrorAlert: false,
      showSuccessAlert: false,
      abortSignal: signal,
    });
    const subscription = answers.subscribe({
      next: (response) => resolve({ status: response.status, body: parsed(response.data) }),
      error: (error: unknown) => {
        if (signal.aborted || (isFetchError(error) && error.cancelled)) {
          reject(abortError());
        } else if (isFetchError(error) && error.status > 0) {
          resolve({ status: error.status, body: parsed(recovered(error.data)) });
        } else {
          reject(error instanceof Error ? error : new Error(wordsOf(error)));
        }
      },
      // Grafana completes without a value when it cancels a request of its own accord.
      complete: () => reject(abortError()),
    });
    signal.addEventListener('abort', () => {
      subscription.unsubscribe();
      reject(abortError());
    });
  });

const abortError = () => new DOMException('The request was cancelled', 'AbortError');

/** Grafana wraps a body that is text, an empty one too, as `{message, error, response}`: the text is what was said. */
function recovered(data: unknown): unknown {
  const wrapped =
    typeof data === 'object' && data !== null && 'response' in data && 'message' in data && 'error' in data;
  return wrapped && typeof data.response === 'string' ? data.response : (data ?? '');
}

/** Text that is JSON is what it says; any other text, a page or half an answer, stays as it came. */
function parsed(body: unknown): unknown {
  if (typeof body !== 'string') {
    return body ?? '';
  }
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

function wordsOf(error: unknown): string {
  return isFetchError(error) ? error.statusText || 'Grafana did not answer' : String(error);
}
