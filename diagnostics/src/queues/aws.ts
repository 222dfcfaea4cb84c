/** What the Amazon targets share: how a client is reached, and what its errors mean. */
import { Readable } from 'node:stream';
import { z } from 'zod';
import { common, text } from '../config/parts';
import { type Deadline, DeadlineExceeded, before } from '../model/deadline';
import type { Finding } from '../model/check';
import type { Failure } from '../model/failure';
import { describe, networkClass } from '../model/thrown';
import { tlsFailure } from '../model/tlsFailure';

export const awsKeys = {
  id: common.id,
  title: common.title,
  region: text.regex(/^[a-z0-9-]{1,40}$/, 'a region such as eu-central-1'),
  /** Another address of the service: a VPC endpoint, or a stand-in for tests. */
  endpoint: z
    .string()
    .refine((given) => URL.canParse(given) && /^https?:$/.test(new URL(given).protocol), 'an http:// or https:// URL')
    .optional(),
  /** Left out: the provider chain of the SDK (environment, role of the pod or machine). */
  accessKeyId: text.optional(),
  secretAccessKey: text.optional(),
  sessionToken: text.optional(),
};

export interface AwsConfig {
  readonly region: string;
  readonly endpoint?: string | undefined;
  readonly accessKeyId?: string | undefined;
  readonly secretAccessKey?: string | undefined;
  readonly sessionToken?: string | undefined;
}

const ANSWER_MS = 1400;

/** Options of a client: one attempt, because a round has no time for a second. */
export function clientOptions({ region, endpoint, accessKeyId, secretAccessKey, sessionToken }: AwsConfig) {
  return {
    region,
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 800, requestTimeout: ANSWER_MS, throwOnRequestTimeout: true },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(accessKeyId === undefined || secretAccessKey === undefined
      ? {}
      : {
          credentials: {
            accessKeyId,
            secretAccessKey,
            ...(sessionToken === undefined ? {} : { sessionToken }),
          },
        }),
  };
}

/** Bytes of one answer that are read: ten messages of SQS with all their attributes have at most half. */
const ANSWER_BYTES = 4 * 1024 * 1024;

interface Bounded {
  readonly middlewareStack: {
    add(
      middleware: (
        next: (given: never) => Promise<{ response: unknown }>
      ) => (given: never) => Promise<{ response: unknown }>,
      options: { readonly step: 'deserialize'; readonly priority: 'low'; readonly name: string }
    ): void;
  };
}

/** The client, with answers that end at `ANSWER_BYTES`: the SDK collects whatever an endpoint sends. */
export function bounded<C>(client: C): C {
  (client as unknown as Bounded).middlewareStack.add(
    (next) => async (given) => {
      const result = await next(given);
      const { body } = result.response as { body?: unknown };
      if (body instanceof Readable) {
        let bytes = 0;
        body.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > ANSWER_BYTES) {
            body.destroy(new Error(`the answer has more than ${ANSWER_BYTES} bytes, the rest is not read`));
          }
        });
        // The SDK reads the stream, so it starts the flow.
        body.pause();
      }
      return result;
    },
    { step: 'deserialize', priority: 'low', name: 'boundedAnswer' }
  );
  return client;
}

/** One request, given up at the deadline. `action` is what IAM calls it; errors carry it (`actionOf`). */
export async function within<T>(
  deadline: Deadline,
  action: string,
  send: (options: { abortSignal: AbortSignal }) => Promise<T>
): Promise<T> {
  const abort = new AbortController();
  try {
    return await before(deadline, action, send({ abortSignal: abort.signal }));
  } catch (error) {
    throw error instanceof Error ? Object.assign(error, { action }) : error;
  } finally {
    abort.abort();
  }
}

export const AWS_CLASSES = [
  ...[
    'ok',
    'refused',
    'dns',
    'timeout',
    'tls',
    'auth',
    'denied',
    'throttled',
    'queue-missing',
    'key-missing',
    'unknown',
  ],
] as const;

/** The action that failed: `sqs:ReceiveMessage`. */
export const actionOf = (error: unknown): string | undefined => (error as { action?: string }).action;

type AwsClass = (typeof AWS_CLASSES)[number];

export interface AwsFailure extends Failure<AwsClass> {
  /** Set when what happened says more about the mend than the class does. */
  readonly mend?: string;
}

export function classifyAws(error: unknown): AwsFailure {
  if (error instanceof DeadlineExceeded) {
    return { class: 'timeout', message: 'no answer in time' };
  }
  const { code, message } = describe(error);
  const name = error instanceof Error ? error.name : '';
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  if (name === 'SyntaxError' && status !== undefined) {
    // What answered speaks another language: a proxy, a firewall, the policy of an endpoint.
    const failureClass = status === 401 ? 'auth' : status === 403 ? 'denied' : 'unknown';
    return { class: failureClass, message: `HTTP ${status}, with a body that is no answer of this service` };
  }
  const tls = tlsFailure(error);
  if (tls !== undefined) {
    return { class: 'tls', message: tls.message, mend: UNTRUSTED };
  }
  if (CLOCK.test(`${name} ${message}`)) {
    return {
      class: 'auth',
      message: message === '' ? name : message,
      mend: 'AWS refuses requests that are signed more than some minutes early or late: correct the clock of the host of the diagnostics service.',
    };
  }
  const failureClass = classOf(name, code, message);
  return {
    class: failureClass,
    message: failureClass === 'timeout' ? 'no answer in time' : message === '' ? name : message,
  };
}

/** `SignatureDoesNotMatch: Signature expired: …`, `RequestTimeTooSkewed`. */
const CLOCK = /Signature (?:expired|not yet current)|RequestTimeTooSkewed|RequestExpired/i;

const UNTRUSTED =
  'What answers is not what AWS has a certificate for: a proxy that opens TLS (name its authority in NODE_EXTRA_CA_CERTS of this service), or a wrong `endpoint` of the target.';

function classOf(name: string, code: string, message: string): AwsClass {
  const network = networkClass(code);
  if (network !== undefined) {
    return network;
  }
  if (name === 'TimeoutError' || name === 'AbortError') {
    return 'timeout';
  }
  if (/AccessDenied|NotAuthorized|KMSAccessDenied/i.test(name)) {
    return 'denied';
  }
  if (
    /CredentialsProviderError|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|ExpiredToken|InvalidAccessKeyId|InvalidSecurity|IncompleteSignature/i.test(
      name
    )
  ) {
    return 'auth';
  }
  if (/Throttl|TooManyRequests|RequestLimitExceeded|OverLimit/i.test(name)) {
    return 'throttled';
  }
  if (/QueueDoesNotExist|NonExistentQueue/i.test(name) || /queue does not exist/i.test(message)) {
    return 'queue-missing';
  }
  return name === 'NotFoundException' ? 'key-missing' : 'unknown';
}

/** What availability makes of it. A policy that lacks this service's right, and throttling, are answers of AWS. */
export function verdictOfAws(
  { class: failureClass, mend }: AwsFailure,
  statement: string
): Pick<Finding, 'value' | 'atLeast' | 'unknown' | 'mend'> & { readonly up: boolean } {
  const told = mend ?? mendAws(failureClass, statement);
  switch (failureClass) {
    case 'ok':
      return { up: true, value: 1, mend: told };
    case 'denied':
      return { up: true, value: 1, unknown: { reason: 'no-permission', mend: told } };
    case 'throttled':
      return { up: true, value: 1, atLeast: 'warning', mend: told };
    default:
      return { up: false, value: 0, atLeast: 'critical', mend: told };
  }
}

export function mendAws(failureClass: string, statement: string): string {
  switch (failureClass) {
    case 'refused':
    case 'timeout':
      return 'Check the network between the diagnostics service and AWS: NAT, VPC endpoint and its policy, `endpoint` of the target.';
    case 'dns':
      return 'The host name of the service does not resolve: correct `region` or `endpoint` of the target, or the resolver.';
    case 'auth':
      return 'There are no credentials, or they are wrong or expired: correct those of the target, or the role of the pod (IRSA) or machine.';
    case 'denied':
      return `Add to the policy of the role: ${statement}`;
    case 'throttled':
      return 'AWS throttles this account: find who asks so often; the next round asks again.';
    case 'queue-missing':
      return 'There is no such queue in this region and account: correct `queueUrl` and `region` of the target.';
    case 'key-missing':
      return 'There is no such key in this region and account: correct `keyId` and `region` of the target.';
    default:
      return 'Read the message; https://health.aws.amazon.com shows whether the service itself is ill.';
  }
}

/** A statement of an IAM policy, as one line. */
export const iamStatement = (actions: readonly string[], resource: string): string =>
  JSON.stringify({ Effect: 'Allow', Action: actions, Resource: resource });
