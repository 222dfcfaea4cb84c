/** What each kind of refusal means, and how to mend it: the one table of the unhappy paths in front of a source. */
import { capitalise } from '@live-runbooks/engine';
import type { Answer } from './ask';
import type { Asked } from './deadline';
import { detailOf, isSilent, safeDetail } from './detail';
import type { Failure } from './failure';
import { isObject, textOf } from './json';
import { isBrokenJson, isHtml, pageKind } from './page';

/** Who was asked, in the words of a mend text. */
export interface Asking {
  /** `Prometheus`, `the diagnostics service`, `the rules of Loki`. */
  readonly name: string;
  /** The server that has to run for it: `Loki` for the rules of Loki. */
  readonly server: string;
  /** The permission that it takes in Grafana. */
  readonly permission: string;
  /** Uid of the data source that stands behind the request, if one does. */
  readonly uid?: string;
  readonly pluginId: string;
}

/** In mend texts; a page of the app turns these words into a link. */
export const CONFIGURATION_PAGE = "the app's configuration page";

/** No answer at all: the deadline passed, the request was cancelled, or Grafana could not be reached. */
export function noAnswer(asked: Exclude<Asked, { kind: 'answer' }>, asking: Asking, timeoutMs: number): Failure {
  switch (asked.kind) {
    case 'timeout':
      return {
        reason: 'timeout',
        detail: `no answer from ${asking.name} within ${timeoutMs / 1000} s`,
        mend: `Check the load of ${asking.name} and of Grafana, then refresh.`,
      };
    case 'cancelled':
      return { reason: 'cancelled', detail: 'the request was cancelled', mend: 'Refresh to ask again.' };
    case 'unreachable':
      return {
        reason: 'query-error',
        detail: safeDetail(`Grafana could not be reached: ${asked.detail}`),
        mend: 'Check the network between here and Grafana, then refresh.',
      };
  }
}

/** The session is Grafana's own concern: its 401 carries a `messageId`, the one of a service behind it does not. */
export function isSignedOut(answer: Answer): boolean {
  return answer.status === 401 && isObject(answer.body) && textOf(answer.body.messageId) !== undefined;
}

const SIGN_IN: Pick<Failure, 'reason' | 'mend'> = {
  reason: 'no-permission',
  mend: 'Sign in to Grafana again, then refresh.',
};

/** Grafana, or a proxy before it, tried to reach the server and did not. */
const NOT_REACHED: ReadonlySet<number> = new Set([502, 503, 504]);

/** What came back, or which server did not answer. */
export function refusalDetail(answer: Answer, asking: Asking): string {
  if (!NOT_REACHED.has(answer.status) || !isSilent(answer.body)) {
    return detailOf(answer.status, answer.body);
  }
  const tried = asking.server === 'Grafana' ? 'Grafana gave' : `Grafana asked ${asking.server} and got`;
  return `${tried} no answer (HTTP ${answer.status})`;
}

/** In place of Grafana's API. Grafana itself answers a session that is over with 401 and JSON. */
function mendPage(html: string): string {
  switch (pageKind(html)) {
    case 'grafana':
    case 'sign-in':
      return 'A sign-in page answered instead of Grafana: reload the page, and sign in.';
    case 'page':
      return 'A web page answered instead of Grafana: check the proxy in front of Grafana, then reload the page.';
  }
}

/** A whole answer that holds nothing to read: the failure of every query in it. */
export function refused(answer: Answer, asking: Asking): Failure {
  const detail = refusalDetail(answer, asking);
  const uid = asking.uid === undefined ? '' : ` (uid “${asking.uid}”)`;
  if (isHtml(answer.body)) {
    return { reason: 'query-error', detail, mend: mendPage(answer.body) };
  }
  if (isBrokenJson(answer.body)) {
    return {
      reason: 'query-error',
      detail,
      mend: 'The answer was cut off or changed on its way: refresh; if it stays, check the proxy in front of Grafana.',
    };
  }
  switch (answer.status) {
    case 401:
      return { ...SIGN_IN, detail };
    case 403:
      return {
        reason: 'no-permission',
        detail,
        mend: `Ask a Grafana administrator for the permission ${asking.permission}${
          asking.uid === undefined ? '' : ` on the data source of ${asking.server}${uid}`
        }.`,
      };
    case 404:
      return {
        reason: 'not-configured',
        detail,
        mend: `There is no data source${uid} for ${asking.name}: choose an existing one on ${CONFIGURATION_PAGE}.`,
      };
    case 408:
    case 504:
      return {
        reason: 'timeout',
        detail,
        mend: `${capitalise(asking.name)} took too long for Grafana or a proxy in between: check its load, then refresh.`,
      };
    case 429:
      return {
        reason: 'query-error',
        detail,
        mend: 'Too many requests: wait a minute, then refresh; a longer refresh interval helps.',
      };
    case 502:
    case 503:
      return {
        reason: 'query-error',
        detail,
        mend: `${capitalise(asking.server)}${uid} cannot be reached from Grafana: start it, or correct its URL under Connections → Data sources.`,
      };
  }
  return {
    reason: 'query-error',
    detail,
    mend:
      answer.status >= 200 && answer.status < 300
        ? `This is not an answer of Grafana 12.2 or later: check what stands at Grafana's address and its version.`
        : `Grafana's server log says why it refused the request to ${asking.name}${uid}.`,
  };
}
