import { z } from 'zod';
import { Unanswered, defineCheck, limit } from '../../model/check';
import { round3 } from '../../model/clock';
import { fact } from '../../model/fact';
import { awsAvailability } from '../availability';
import { type SqsContext, attributeNumber } from './context';
import { groupDeadLetters } from './group';

export const sqsAvailability = awsAvailability({
  kind: 'sqs',
  service: 'SQS',
  thing: 'queue',
  action: 'GetQueueAttributes',
});

const STANDARD_IN_FLIGHT = 120_000;
const FIFO_IN_FLIGHT = 20_000;

export const sqsQueue = defineCheck({
  id: 'sqs.queue',
  title: 'Depth of the queue',
  kind: 'sqs',
  asks: 'GetQueueAttributes: the approximate numbers, which SQS brings up to date within a minute; no message is received',
  value: 'visible',
  fields: {
    visible: fact.count('messages that wait (approximate)'),
    inFlight: fact.count('messages received and not yet deleted (approximate)'),
    delayed: fact.count('messages that are delayed (approximate)'),
    inFlightRatio: fact.ratio('inFlight / the limit of SQS (120 000, FIFO 20 000)'),
    oldestAgeSeconds: fact.seconds(
      'always null: SQS does not say it without receiving; CloudWatch does, as AWS/SQS ApproximateAgeOfOldestMessage'
    ),
    visibilityTimeoutSeconds: fact.seconds(
      'how long a received message stays hidden: a consumer that takes longer gets it twice'
    ),
    retentionSeconds: fact.seconds('after this long a message is lost'),
    maxReceiveCount: fact.count('after so many receives a message goes to the dead-letter queue; null without one'),
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
  value: 'count',
  fields: {
    count: fact.count('messages in the dead-letter queue (approximate)'),
    queue: fact.text('name of the dead-letter queue'),
    retentionSeconds: fact.seconds(
      'after this long they are lost; counted from when they were first sent, not from when they were given up'
    ),
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
  value: 'read',
  onDemand: true,
  fields: {
    read: fact.count('messages that were read'),
    groups: fact.count('different errors among them'),
    oldestAgeSeconds: fact.seconds('seconds since the oldest of them was first sent'),
    notRestored: fact.count(
      'messages that stay hidden until 10 s are over, because they could not be made visible again'
    ),
  },
  rows: {
    groups: {
      error: fact.text('type of the error, without ids and numbers'),
      count: fact.count('messages read with it'),
      share: fact.ratio('of those read, 0–1'),
      oldestAgeSeconds: fact.seconds('seconds since the oldest of them was first sent'),
      receiveCount: fact.count('how often the most received of them was received'),
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
