import { AppEvents, type EventBus } from '@grafana/data';
import {
  config,
  type BackendSrv,
  type BackendSrvRequest,
  type FetchError,
  type FetchErrorDataProps,
  type FetchResponse,
} from '@grafana/runtime';
import { Observable, defer, from, lastValueFrom, of, throwError } from 'rxjs';
import { catchError, finalize, map, mergeMap, tap } from 'rxjs/operators';
import { readBody, toHttpRequest } from './httpRequest';

/** Failed data queries are shown by whoever asked, never as a notification. */
const DATA_QUERY = /^\/?api\/(ds\/query|datasources\/|tsdb\/)/;
const LONGEST_NOTIFICATION_TITLE = 80;
/** A caller may set `isHandled` on the error within this time to keep it quiet. */
const HANDLED_WITHIN_MS = 50;

/** The part of Grafana's BackendSrv that a plugin sees: bodies, params, FetchError, cancelling, notifications. */
export class WorkbenchBackendSrv implements BackendSrv {
  private readonly inFlight = new Map<string, AbortController>();

  constructor(private readonly events: EventBus) {}

  fetch<T>(options: BackendSrvRequest): Observable<FetchResponse<T>> {
    return this.cancellable(options, (signal) => from(send<T>(options, signal))).pipe(
      mergeMap((response) => (response.ok ? of(response) : throwError(() => toFetchError(response, options)))),
      tap((response) => this.announceSuccess(response)),
      catchError((error: unknown) => throwError(() => this.announceError(asFetchError(error, options), options)))
    );
  }

  /** Streams the body as it arrives; the last value of each packet has `data: undefined` when the stream is over. */
  chunked(options: BackendSrvRequest): Observable<FetchResponse<Uint8Array | undefined>> {
    return this.cancellable(options, (signal) => chunks(options, signal));
  }

  datasourceRequest<T>(options: BackendSrvRequest): Promise<FetchResponse<T>> {
    return lastValueFrom(this.fetch<T>(options));
  }

  request<T>(options: BackendSrvRequest): Promise<T> {
    return lastValueFrom(this.fetch<T>(options).pipe(map((response) => response.data)));
  }

  get<T>(url: string, params?: BackendSrvRequest['params'], requestId?: string, options?: Partial<BackendSrvRequest>) {
    return this.request<T>({ ...options, method: 'GET', url, params, requestId });
  }
  delete<T>(url: string, data?: unknown, options?: Partial<BackendSrvRequest>) {
    return this.request<T>({ ...options, method: 'DELETE', url, data });
  }
  post<T>(url: string, data?: unknown, options?: Partial<BackendSrvRequest>) {
    return this.request<T>({ ...options, method: 'POST', url, data });
  }
  patch<T>(url: string, data?: unknown, options?: Partial<BackendSrvRequest>) {
    return this.request<T>({ ...options, method: 'PATCH', url, data });
  }
  put<T>(url: string, data?: unknown, options?: Partial<BackendSrvRequest>) {
    return this.request<T>({ ...options, method: 'PUT', url, data });
  }

  /** Unsubscribing aborts the request, and so does a later request with the same `requestId`. */
  private cancellable<R>(options: BackendSrvRequest, start: (signal: AbortSignal) => Observable<R>): Observable<R> {
    return defer(() => {
      const abort = new AbortController();
      const { requestId, abortSignal } = options;
      abortSignal?.addEventListener('abort', () => abort.abort());
      if (requestId) {
        this.inFlight.get(requestId)?.abort();
        this.inFlight.set(requestId, abort);
      }
      return start(abort.signal).pipe(
        finalize(() => {
          abort.abort();
          if (requestId && this.inFlight.get(requestId) === abort) {
            this.inFlight.delete(requestId);
          }
        })
      );
    });
  }

  private announceSuccess(response: FetchResponse<unknown>): void {
    const { config: asked } = response;
    const wanted = asked.showSuccessAlert ?? ((asked.method ?? 'GET') !== 'GET' && isLocalCommand(asked.url));
    const message = (response.data as { message?: unknown } | null | undefined)?.message;
    if (wanted && typeof message === 'string' && message) {
      this.events.publish({ type: AppEvents.alertSuccess.name, payload: [message] } as never);
    }
  }

  private announceError(error: FetchError, options: BackendSrvRequest): FetchError {
    const message = error.data?.message;
    if (!error.cancelled && message && (options.showErrorAlert ?? isLocalCommand(options.url))) {
      const type = (error.status < 500 ? AppEvents.alertWarning : AppEvents.alertError).name;
      const payload = message.length > LONGEST_NOTIFICATION_TITLE ? ['Error', message] : [message];
      setTimeout(() => !error.isHandled && this.events.publish({ type, payload } as never), HANDLED_WITHIN_MS);
    }
    return error;
  }
}

const isLocal = (url: string) => !/^https?:/.test(url);
const isLocalCommand = (url: string) => isLocal(url) && !DATA_QUERY.test(url);

async function send<T>(options: BackendSrvRequest, signal: AbortSignal): Promise<FetchResponse<T>> {
  let response = await fetch(toHttpRequest(options, signal));
  if (response.status === 401 && isLocal(options.url) && !options.retry && config.bootData.user.isSignedIn) {
    response = await sendAgain(options, signal, response);
  }
  return describe<T>(response, (await readBody(response, options.responseType)) as T, options);
}

/** A 401 may mean that the session is over: Grafana asks for that first, and only then believes who answered 401. */
async function sendAgain(options: BackendSrvRequest, signal: AbortSignal, refused: Response): Promise<Response> {
  const session = await fetch(toHttpRequest({ url: '/api/login/ping' }, signal));
  if (session.status === 401) {
    window.location.assign('/login');
    return refused;
  }
  return fetch(toHttpRequest(options, signal));
}

function chunks(options: BackendSrvRequest, signal: AbortSignal): Observable<FetchResponse<Uint8Array | undefined>> {
  return new Observable((subscriber) => {
    const pump = async () => {
      const response = await fetch(toHttpRequest(options, signal));
      if (!response.ok) {
        throw toFetchError(describe(response, await readBody(response), options), options);
      }
      const reader = response.body?.getReader();
      for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
        subscriber.next(describe(response, part.value, options));
      }
      subscriber.next(describe(response, undefined, options));
      subscriber.complete();
    };
    pump().catch((error: unknown) => subscriber.error(asFetchError(error, options)));
  });
}

function describe<T>(response: Response, data: T, asked: BackendSrvRequest): FetchResponse<T> {
  const { status, statusText, ok, headers, redirected, type, url } = response;
  return {
    data,
    status,
    statusText,
    ok,
    headers,
    redirected,
    type,
    url,
    config: asked,
    traceId: undefined,
  } as FetchResponse<T>;
}

function toFetchError(response: FetchResponse<unknown>, asked: BackendSrvRequest): FetchError {
  const { data, status, statusText } = response;
  if (typeof data !== 'object' || data === null) {
    const text = typeof data === 'string' && data ? data : statusText || 'Unexpected error';
    return { status, statusText, config: asked, data: { message: text, error: statusText, response: data } };
  }
  const body = data as FetchErrorDataProps;
  return { status, statusText, config: asked, data: { ...body, message: body.message ?? body.error } };
}

function asFetchError(error: unknown, asked: BackendSrvRequest): FetchError {
  if (error instanceof DOMException && error.name === 'AbortError') {
    return {
      type: 'cancelled',
      cancelled: true,
      data: null,
      status: -1,
      statusText: 'Request was aborted',
      config: asked,
    } as never;
  }
  if (typeof error === 'object' && error !== null && 'status' in error && 'config' in error) {
    return error as FetchError;
  }
  // What went wrong before there was an answer, or in reading it, stays the error that it is: no status, and no FetchError.
  return Object.assign(error instanceof Error ? error : new Error(String(error)), {
    data: { message: 'Unexpected error' },
  }) as never;
}
