import { NEVER, of, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { setBackendSrv, type BackendSrv, type BackendSrvRequest } from '@grafana/runtime';
import { askGrafana } from './ask';

const sent: BackendSrvRequest[] = [];
const answerWith = (fetch: (request: BackendSrvRequest) => unknown) =>
  setBackendSrv({
    fetch: (request: BackendSrvRequest) => {
      sent.push(request);
      return fetch(request);
    },
  } as unknown as BackendSrv);
const ask = (signal = new AbortController().signal) =>
  askGrafana({ method: 'GET', url: '/api/x', params: { a: '1' } }, signal);

describe('asking through Grafana', () => {
  it('answers what came back, and lets Grafana show no toast', async () => {
    answerWith(() => of({ status: 200, data: '{"ok":true}' }));
    await expect(ask()).resolves.toEqual({ status: 200, body: { ok: true } });
    expect(sent.at(-1)).toMatchObject({ url: '/api/x', params: { a: '1' }, showErrorAlert: false });
  });

  it.each([
    ['half an answer', '{"results":{"up":{"fra'],
    ['a page', '<!doctype html><title>Welcome</title>'],
    ['an empty answer', ''],
  ])('hands on %s as it came: Grafana would throw, and say neither the status nor what it was', async (_name, data) => {
    answerWith(() => of({ status: 200, data }));
    await expect(ask()).resolves.toEqual({ status: 200, body: data });
    expect(sent.at(-1)).toMatchObject({ responseType: 'text' });
  });

  it('recovers the good frames of an answer that failed in part', async () => {
    const body = { results: { good: { frames: [] }, bad: { error: 'parse error' } } };
    const text = JSON.stringify(body);
    answerWith(() =>
      throwError(() => ({ status: 400, data: { message: text, error: 'Bad Request', response: text } }))
    );
    await expect(ask()).resolves.toEqual({ status: 400, body });
  });

  it('recovers an empty body and a text, which Grafana wraps', async () => {
    answerWith(() => throwError(() => ({ status: 502, data: { message: '', error: 'Bad Gateway', response: '' } })));
    await expect(ask()).resolves.toEqual({ status: 502, body: '' });
  });

  it('passes on what the service itself said', async () => {
    const body = { error: { code: 'unauthorized', message: 'wrong token', mend: 'Set it' } };
    answerWith(() => throwError(() => ({ status: 401, data: body })));
    await expect(ask()).resolves.toEqual({ status: 401, body });
  });

  it('rejects when there was no answer', async () => {
    answerWith(() => throwError(() => new TypeError('Failed to fetch')));
    await expect(ask()).rejects.toThrow('Failed to fetch');
  });

  it.each([
    ['is cancelled by Grafana', () => throwError(() => ({ status: -1, cancelled: true, data: null }))],
    ['ends without an answer', () => of()],
  ])('rejects as aborted when it %s', async (_name, fetch) => {
    answerWith(fetch);
    await expect(ask()).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('stops asking when it is aborted', async () => {
    answerWith(() => NEVER);
    const controller = new AbortController();
    const asking = ask(controller.signal);
    controller.abort();
    await expect(asking).rejects.toMatchObject({ name: 'AbortError' });
    expect(sent.at(-1)?.abortSignal).toBe(controller.signal);
  });
});
