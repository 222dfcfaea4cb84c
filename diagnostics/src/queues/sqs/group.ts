/** Dead letters by the error that they failed with: read, grouped, and put back. */
import type { Message } from '@aws-sdk/client-sqs';
import { Unanswered } from '../../model/check';
import { round3 } from '../../model/clock';
import { valueAt } from '../../endpoints/jsonPath';
import { classifyAws, iamStatement, mendAws } from '../aws';
import type { DeadLetterQueue, SqsContext } from './context';

const HIDDEN_SECONDS = 10;
/** What is left of the round for putting them back. */
const RESTORE_MS = 500;

interface Group {
  count: number;
  oldest: number | null;
  receives: number;
}

export async function groupDeadLetters(queue: DeadLetterQueue, context: SqsContext, most: number) {
  const { session, deadline, errorFields, now } = context;
  if (queue.attributes.RedrivePolicy !== undefined) {
    throw new Unanswered(
      'not-applicable',
      'the dead-letter queue has a dead-letter queue of its own: reading could move messages there',
      'Remove its RedrivePolicy, or read it by hand.'
    );
  }
  const read = new Map<string, Message>();
  let notRestored = 0;
  let refusal: unknown;
  const receipts: string[] = [];
  const reading = deadline.within(Math.max(0, deadline.left() - RESTORE_MS));
  try {
    for (let batch = 0; batch < Math.ceil(most / 10) && reading.left() > 100; batch += 1) {
      const messages = await session.receive(queue.url, HIDDEN_SECONDS, reading);
      messages.forEach((message) => {
        receipts.push(message.ReceiptHandle ?? '');
        read.set(message.MessageId ?? String(read.size), message);
      });
      if (messages.length === 0) {
        break;
      }
    }
  } finally {
    const batches = Array.from({ length: Math.ceil(receipts.length / 10) }, (_, n) =>
      receipts.slice(10 * n, 10 * n + 10)
    );
    const failed = await Promise.all(
      batches.map((batch) =>
        session.show(queue.url, batch, deadline).catch((error: unknown) => {
          refusal ??= error;
          return batch.length;
        })
      )
    );
    notRestored = failed.reduce((sum, each) => sum + each, 0);
  }

  const groups = new Map<string, Group>();
  for (const message of read.values()) {
    const error = errorOf(message, errorFields);
    const group = groups.get(error) ?? { count: 0, oldest: null, receives: 0 };
    const sent = Number(message.Attributes?.SentTimestamp ?? NaN);
    group.count += 1;
    group.oldest = Number.isFinite(sent) ? Math.min(group.oldest ?? sent, sent) : group.oldest;
    group.receives = Math.max(group.receives, Number(message.Attributes?.ApproximateReceiveCount ?? 0));
    groups.set(error, group);
  }
  const age = (sent: number | null): number | null =>
    sent === null ? null : Math.max(0, Math.round((now - sent) / 1000));
  const sorted = [...groups].sort(([, a], [, b]) => b.count - a.count);
  const ages = sorted.map(([, { oldest }]) => age(oldest)).filter((each) => each !== null);
  const [first] = sorted;
  return {
    value: read.size,
    summary:
      (first === undefined
        ? 'no dead letters that are visible now'
        : `${read.size} read: ${first[1].count} failed with ${first[0]}${sorted.length > 1 ? `, ${sorted.length - 1} other errors` : ''}`) +
      (notRestored > 0 ? `; ${notRestored} stay hidden for ${HIDDEN_SECONDS} s` : ''),
    ...(refusal !== undefined && classifyAws(refusal).class === 'denied'
      ? { mend: mendAws('denied', iamStatement(['sqs:ChangeMessageVisibility'], queue.attributes.QueueArn ?? '*')) }
      : {}),
    fields: {
      read: read.size,
      groups: groups.size,
      oldestAgeSeconds: ages.length === 0 ? null : Math.max(...ages),
      notRestored,
    },
    rows: {
      groups: sorted.slice(0, 20).map(([error, { count, oldest, receives }]) => ({
        error,
        count,
        share: round3(count / read.size),
        oldestAgeSeconds: age(oldest),
        receiveCount: receives,
      })),
    },
  };
}

/** From the message's attributes or its JSON body; what could name a person or a thing is taken out. */
function errorOf(message: Message, fields: readonly string[]): string {
  let body: unknown;
  try {
    body = JSON.parse(message.Body ?? '');
  } catch {
    body = undefined;
  }
  for (const field of fields) {
    const found = message.MessageAttributes?.[field]?.StringValue ?? valueAt(body, field);
    if (typeof found === 'string' && found.trim() !== '') {
      return errorType(found);
    }
  }
  return body === undefined ? '(not JSON, no error attribute)' : '(no error field)';
}

/** `dial tcp 10.1.2.3:5432: timeout for user "ann"` → `dial tcp ?: timeout for user ?`. */
export function errorType(text: string): string {
  const [line = ''] = text.split('\n');
  return line
    .replace(/"[^"]*"|'[^']*'|`[^`]*`/g, '?')
    .replace(/\S+@\S+/g, '?')
    .replace(/\bhttps?:\/\/\S+/g, '?')
    .replace(/\b[\w.:/-]*\d[\w.:/-]*/g, '?')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 120);
}
