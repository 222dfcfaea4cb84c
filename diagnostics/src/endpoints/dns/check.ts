import { z } from 'zod';
import { defineCheck } from '../../model/check';
import { fact } from '../../model/fact';
import { sayFailure } from '../../model/failure';

export const DNS_CLASSES = ['ok', 'not-found', 'no-data', 'server-failure', 'refused', 'timeout', 'unknown'] as const;

export type DnsClass = (typeof DNS_CLASSES)[number];

export interface DnsReached {
  readonly class: DnsClass;
  readonly message: string;
  readonly answers: readonly string[];
  readonly tookMs: number | null;
  readonly via: string;
  /** Answers that the configuration wants; empty: any. */
  readonly wanted: readonly string[];
}

export const dnsAvailability = defineCheck({
  id: 'dns.availability',
  title: 'The name resolves',
  kind: 'dns',
  asks: 'the name: of the system’s resolver, or of the configured DNS server',
  value: fact.count('1 up, 0 down'),
  fields: {
    up: fact.flag('true when it resolves'),
    class: fact.word(DNS_CLASSES, 'what happens to a client that connects now'),
    answers: fact.count('how many answers; null when it does not resolve'),
    tookMs: fact.ms('ms until it was answered; null when it was not'),
    unexpected: fact.count('answers that the configuration does not name; null when it names none'),
    missing: fact.count('answers that the configuration names and that did not come; null when it names none'),
    via: fact.text('whom was asked: system, or the server'),
    message: fact.text('what the resolver said'),
  },
  rows: {
    answers: {
      answer: fact.text('address, name or text'),
      expected: fact.flag('the configuration names it; null when it names none'),
    },
  },
  mend: 'See the class.',
  privilege: 'network access to the resolver',
  below: true,
  options: z.strictObject({
    critical: z.number().default(0),
    /** An answer that takes longer is a warning. ms. */
    slowMs: z.number().min(1).default(500),
  }),
  make: (options) => (reached: DnsReached) => {
    const { class: failureClass, message, answers, tookMs, via, wanted } = reached;
    const up = failureClass === 'ok';
    const compared = up && wanted.length > 0;
    const unexpected = answers.filter((each) => !wanted.includes(each));
    const missing = wanted.filter((each) => !answers.includes(each));
    const differs = compared && unexpected.length + missing.length > 0;
    const slow = up && tookMs !== null && tookMs >= options.slowMs;
    return Promise.resolve({
      value: up ? 1 : 0,
      summary: !up
        ? sayFailure(reached)
        : differs
          ? `resolves to ${answers.slice(0, 5).join(', ')}, which is not what is configured`
          : `${answers.slice(0, 5).join(', ')} in ${tookMs ?? 0} ms`,
      fields: {
        up,
        class: failureClass,
        answers: up ? answers.length : null,
        tookMs,
        unexpected: compared ? unexpected.length : null,
        missing: compared ? missing.length : null,
        via,
        message,
      },
      rows: {
        answers: answers
          .slice(0, 20)
          .map((answer) => ({ answer, expected: compared ? wanted.includes(answer) : null })),
      },
      ...(up ? (differs || slow ? { atLeast: 'warning' as const } : {}) : { atLeast: 'critical' as const }),
      mend: differs
        ? 'Somebody changed the record: if rightly, correct `expect` of the target; if not, it points clients elsewhere.'
        : mendDns(failureClass),
    });
  },
});

export function mendDns(failureClass: string): string {
  switch (failureClass) {
    case 'not-found':
      return 'There is no such name: a typing error, a removed record, or (inside Kubernetes) a missing Service or namespace.';
    case 'no-data':
      return 'The name exists, but has no record of this type.';
    case 'server-failure':
      return 'The resolver failed: it does not reach the zone’s servers, or DNSSEC does not verify. In Kubernetes read the log of CoreDNS.';
    case 'refused':
      return 'Nothing listens there, or the server refuses to answer us: correct `server`, or let it allow this client.';
    case 'timeout':
      return 'The resolver does not answer: check it, and network policies that block UDP and TCP port 53.';
    default:
      return 'The resolver is slow, or said something unexpected: read the message.';
  }
}
