/** What happened instead of an answer, in the words of the availability checks of endpoints. */
import { type Failure, NOT_RESOLVED_IN_TIME } from '../model/failure';
import { DeadlineExceeded } from '../model/deadline';
import { describe, networkClass } from '../model/thrown';
import { tlsFailure } from '../model/tlsFailure';
import { AddressRefused } from './resolve';

/** How far a probe got. */
export type Stage = 'dns' | 'connect' | 'tls' | 'answer' | 'body';

export const ENDPOINT_CLASSES = [
  ...['ok', 'refused', 'dns', 'timeout', 'hung', 'reset', 'tls', 'blocked', 'unknown'],
] as const;

export type EndpointClass = (typeof ENDPOINT_CLASSES)[number];

const SILENT: Readonly<Record<Stage, Failure<EndpointClass>>> = {
  dns: { class: 'dns', message: NOT_RESOLVED_IN_TIME },
  connect: { class: 'timeout', message: 'no connection: the network or the host does not answer' },
  tls: { class: 'hung', message: 'takes the connection and does not finish the TLS handshake' },
  answer: { class: 'hung', message: 'takes the connection and does not answer' },
  body: { class: 'hung', message: 'begins to answer and does not finish' },
};

export interface EndpointFailure<Class extends string = EndpointClass> extends Failure<Class> {
  /** Set when what happened says more about the mend than the class does. */
  readonly mend?: string;
}

export function classifyEndpoint(error: unknown, stage: Stage): EndpointFailure {
  const { code, message } = describe(error);
  if (error instanceof AddressRefused) {
    return { class: 'blocked', message };
  }
  if (error instanceof DeadlineExceeded) {
    return SILENT[stage];
  }
  const tls = tlsFailure(error);
  return tls === undefined
    ? { class: networkClass(code) ?? classOf(code, message, stage), message }
    : { class: 'tls', ...tls };
}

function classOf(code: string, message: string, stage: Stage): EndpointClass {
  if (code === 'EAI_NONAME') {
    return 'dns';
  }
  if (code === 'ECONNRESET' || code === 'EPIPE' || /socket hang up|aborted/.test(message)) {
    return stage === 'tls' ? 'tls' : 'reset';
  }
  return 'unknown';
}

export function mendEndpoint(failureClass: string): string {
  switch (failureClass) {
    case 'refused':
      return 'Nothing listens there: start the service, or correct host and port of the target.';
    case 'dns':
      return 'The host name does not resolve: correct the host of the target, the record, or the resolver.';
    case 'timeout':
      return 'Check the network, network policies and firewalls between the diagnostics service and the host.';
    case 'hung':
      return 'The process takes connections and answers nothing: it is blocked, out of workers, or stopped. Take a goroutine or thread dump before restarting it.';
    case 'reset':
      return 'The other side closed the connection: a crash, a proxy, or a port that speaks another protocol. Read its log.';
    case 'tls':
      return 'The handshake failed; a target of kind tls shows the certificate. A private authority goes into tls.caFile of the target.';
    case 'blocked':
      return 'If this address is meant, name it under allowAddresses of the target; if not, its DNS was changed: find out by whom.';
    case 'status':
      return 'Read the body of the answer (http.body) and the log of the service.';
    case 'redirect':
      return 'Redirects are not followed. Configure the URL that it redirects to, if that is the right one, or allow the status in `status`.';
    default:
      return 'Read the message and the log of the service.';
  }
}
