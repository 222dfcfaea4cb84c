import { z } from 'zod';
import { Unanswered, defineCheck, limit } from '../../model/check';
import { round3 } from '../../model/clock';
import { AWS_CLASSES, verdictOfAws } from '../aws';
import { type SqsContext, type SqsReached, attributeNumber } from './context';
import { groupDeadLetters } from './group';

export const sqsAvailability = defineCheck({
  id: 'sqs.availability',
  title: 'The queue can be asked',
  kind: 'sqs',
  asks: 'GetQueueAttributes',
  unit: 'short',
  words: { class: AWS_CLASSES },
  fields: {
    up: 'true when SQS answers for this queue, be it with a refusal of this service',
    class: `what a client meets now: ${AWS_CLASSES.join(', ')}`,
    latencyMs: 'ms until it was answered; null when it was not',
    message: 'what SQS or the system said',
  },
  rows: {},
  mend: 'See the class.',
  privilege: 'IAM: sqs:GetQueueAttributes on the queue',
  below: true,
  options: z.strictObject({ critical: z.number().default(0) }),
  make: () => (reached: SqsReached) => {
    const { class: is, message, tookMs, statement } = reached;
    const { up, ...verdict } = verdictOfAws(reached, statement);
    return Promise.resolve({
      ...verdict,
      summary: is === 'ok' ? `answered in ${tookMs ?? 0} ms` : `${is}: ${message}`,
      fields: { up, class: is, latencyMs: tookMs, message },
    });
  },
});

const STANDARD_IN_FLIGHT = 120_000;
const FIFO_IN_FLIGHT = 20_000;

export const sqsQueue = defineCheck({
  id: 'sqs.queue',
  title: 'Depth of the queue',
  kind: 'sqs',
  asks: 'GetQueueAttributes: the approximate numbers, which SQS brings up to date within a minute; no message is received',
  unit: 'short',
  fields: {
    visible: 'messages that wait (approximate)',
    inFlight: 'messages received and not yet deleted (approximate)',
    delayed: 'messages that are delayed (approximate)',
    inFlightRatio: 'inFlight / the limit of SQS (120 000, FIFO 20 000)',
    oldestAgeSeconds:
      'always null: SQS does not say it without receiving; CloudWatch does, as AWS/SQS ApproximateAgeOfOldestMessage',
    visibilityTimeoutSeconds: 'how long a received message stays hidden: a consumer that takes longer gets it twice',
    retentionSeconds: 'after this long a message is lost',
    maxReceiveCount: 'after so many receives a message goes to the dead-letter queue; null without one',
  },
  rows: {},
  mend: 'Many wait, few in flight: consumers are down or do not poll. Many in flight: they take messages and do not delete them (crashes, timeouts); they come back after the visibility timeout. Never purge-queue: it loses every message.',
  privilege: 'IAM: sqs:GetQueueAttributes on the queue',
  options: z.strictObject({ warning: limit.warning(500), critical: limit.critical(1000) }),
  make:
    () =>
    ({ attributes }: SqsContext) => {
      const visible = attributeNumber(attributes, 'ApproximateNumberOfMessages');
      if (visible === null) {
        throw new Unanswered('query-error', 'SQS gave no number of messages', 'Ask again.');
      }
      const inFlight = attributeNumber(attributes, 'ApproximateNumberOfMessagesNotVisible');
      const delayed = attributeNumber(attributes, 'ApproximateNumberOfMessagesDelayed');
      const most = attributes.FifoQueue === 'true' ? FIFO_IN_FLIGHT : STANDARD_IN_FLIGHT;
      const inFlightRatio = inFlight === null ? null : round3(inFlight / most);
      const full = inFlightRatio !== null && inFlightRatio >= 0.9;
      return Promise.resolve({
        value: visible,
        summary: `${visible} wait, ${inFlight ?? 'unknown'} in flight, ${delayed ?? 'unknown'} delayed${
          full ? ': near the limit of messages in flight, beyond which nothing is received' : ''
        }`,
        fields: {
          visible,
          inFlight,
          delayed,
          inFlightRatio,
          oldestAgeSeconds: null,
          visibilityTimeoutSeconds: attributeNumber(attributes, 'VisibilityTimeout'),
          retentionSeconds: attributeNumber(attributes, 'MessageRetentionPeriod'),
          maxReceiveCount: maxReceives(attributes.RedrivePolicy),
        },
        ...(full ? { atLeast: 'critical' as const } : {}),
      });
    },
});

export const sqsDeadLetters = defineCheck({
  id: 'sqs.dead_letters',
  title: 'Messages given up',
  kind: 'sqs',
  asks: 'GetQueueAttributes of the dead-letter queue (of the redrive policy, found with GetQueueUrl, or configured)',
  unit: 'short',
  fields: {
    count: 'messages in the dead-letter queue (approximate)',
    queue: 'name of the dead-letter queue',
    retentionSeconds:
      'after this long they are lost; counted from when they were first sent, not from when they were given up',
  },
  rows: {},
  mend: 'sqs.dead_letter_groups, run on demand, groups them by error. Mend the cause first, then move them back: aws sqs start-message-move-task --source-arn <dead-letter queue>.',
  privilege: 'IAM: sqs:GetQueueAttributes and sqs:GetQueueUrl on the dead-letter queue',
  options: z.strictObject({ warning: limit.warning(1), critical: limit.critical(100) }),
  make:
    () =>
    ({ deadLetters }: SqsContext) => {
      const { url, attributes } = requireDeadLetters(deadLetters);
      const count = attributeNumber(attributes, 'ApproximateNumberOfMessages');
      if (count === null) {
        throw new Unanswered('query-error', 'SQS gave no number of messages', 'Ask again.');
      }
      const queue = url.split('/').at(-1) ?? url;
      return Promise.resolve({
        value: count,
        summary: count === 0 ? `${queue} is empty` : `${count} messages in ${queue}`,
        fields: { count, queue, retentionSeconds: attributeNumber(attributes, 'MessageRetentionPeriod') },
      });
    },
});

export const sqsDeadLetterGroups = defineCheck({
  id: 'sqs.dead_letter_groups',
  title: 'Why messages were given up',
  kind: 'sqs',
  asks: 'on demand only: ReceiveMessage on the dead-letter queue (up to 100, hidden for 10 s), then ChangeMessageVisibility 0. Nothing is deleted; the receive count of each rises by one',
  unit: 'short',
  onDemand: true,
  fields: {
    read: 'messages that were read',
    groups: 'different errors among them',
    oldestAgeSeconds: 'seconds since the oldest of them was first sent',
    notRestored: 'messages that stay hidden until 10 s are over, because they could not be made visible again',
  },
  rows: {
    groups: {
      error: 'type of the error, without ids and numbers',
      count: 'messages read with it',
      share: 'of those read, 0–1',
      oldestAgeSeconds: 'seconds since the oldest of them was first sent',
      receiveCount: 'how often the most received of them was received',
    },
  },
  mend: 'Begin with the largest group: one cause, many messages. A group with few and old messages is often a poison message.',
  privilege: 'IAM: sqs:ReceiveMessage and sqs:ChangeMessageVisibility on the dead-letter queue',
  options: z.strictObject({
    warning: limit.warning(1),
    critical: limit.none(),
    most: z.number().int().min(1).max(100).default(50),
  }),
  make: (options) => (context: SqsContext) => {
    const queue = requireDeadLetters(context.deadLetters);
    return groupDeadLetters(queue, context, options.most);
  },
});

function requireDeadLetters(deadLetters: SqsContext['deadLetters']) {
  if (deadLetters === null) {
    throw new Unanswered(
      'not-applicable',
      'the queue has no dead-letter queue',
      'Give it one (RedrivePolicy), or name one as `deadLetterUrl` of the target: without it a poison message comes back until it is too old.'
    );
  }
  if (deadLetters instanceof Error) {
    throw deadLetters;
  }
  return deadLetters;
}

export function maxReceives(policy: string | undefined): number | null {
  const count = /"maxReceiveCount"\s*:\s*"?(\d+)/.exec(policy ?? '')?.[1];
  return count === undefined ? null : Number(count);
}

export const askedSqsChecks = [sqsQueue, sqsDeadLetters, sqsDeadLetterGroups];
export const sqsChecks = [sqsAvailability, ...askedSqsChecks];
