import { z } from 'zod';
import { checkSettings, text } from '../../config/parts';
import { elapsedMs } from '../../model/clock';
import type { Deadline } from '../../model/deadline';
import type { Target } from '../../model/round';
import { stepsOf } from '../../endpoints/json-path';
import { type Probed, probedTarget } from '../../rounds/probed';
import { actionOf, awsKeys, classifyAws, iamStatement, mendAws } from '../aws';
import { askedSqsChecks, sqsAvailability, sqsChecks } from './checks';
import type { SqsContext, SqsReached } from './context';
import { type QueueAttributes, SqsSession } from './session';

const queueUrl = z
  .string()
  .refine((given) => URL.canParse(given), 'the URL of the queue, as aws sqs get-queue-url says');

export const sqsTargetSchema = z.strictObject({
  kind: z.literal('sqs'),
  ...awsKeys,
  queueUrl,
  /** The dead-letter queue, when the redrive policy of the queue does not name it. */
  deadLetterUrl: queueUrl.optional(),
  /** Attribute of a message, or path in its JSON body, with the error that it failed with; the first that is there. */
  errorFields: z
    .array(text.refine((path) => stepsOf(path) !== undefined, 'a name, or a path such as error.type'))
    .min(1)
    .max(20)
    .default(['error_type', 'errorType', 'error.type', 'error.code', 'error', 'errorMessage']),
  checks: checkSettings(sqsChecks),
});

export type SqsTargetConfig = z.infer<typeof sqsTargetSchema>;

export function sqsTarget(config: SqsTargetConfig): Target {
  const session = new SqsSession(config);
  const ask = statementOf(config);
  return probedTarget<SqsReached, SqsContext>({
    kind: 'sqs',
    id: config.id,
    title: config.title,
    settings: config.checks,
    availability: sqsAvailability,
    asked: askedSqsChecks,
    probe: (deadline, now) => probe(config, session, deadline, now),
    broken: (message) => ({ class: 'unknown', message, tookMs: null, statement: ask }),
    mend: (is) => mendAws(is, ask),
    explain: (error) => {
      const { class: is, message, mend } = classifyAws(error);
      if (is === 'unknown') {
        return undefined;
      }
      const action = actionOf(error);
      const resource = /on resource:? (arn:[^\s"]+)/i.exec(message)?.[1] ?? '<ARN of the dead-letter queue>';
      const statement = iamStatement(action === undefined ? ALL : [action], resource);
      const reason = is === 'denied' || is === 'auth' ? 'no-permission' : is === 'timeout' ? 'timeout' : 'query-error';
      return { reason, summary: `${is}: ${message}`, mend: mend ?? mendAws(is, statement) };
    },
    close: () => session.close(),
  });
}

const ALL = ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility'];

/** `https://sqs.<region>.amazonaws.com/<account>/<name>` */
function statementOf({ queueUrl: url, region }: SqsTargetConfig): string {
  const [, account = '*', name = '*'] = new URL(url).pathname.split('/');
  return iamStatement(['sqs:GetQueueAttributes'], `arn:aws:sqs:${region}:${account}:${name}`);
}

async function probe(
  config: SqsTargetConfig,
  session: SqsSession,
  deadline: Deadline,
  now: number
): Promise<Probed<SqsReached, SqsContext>> {
  const statement = statementOf(config);
  const startedAt = performance.now();
  let attributes: QueueAttributes;
  try {
    attributes = await session.attributes(config.queueUrl, deadline);
  } catch (error) {
    return { reached: { ...classifyAws(error), tookMs: null, statement } };
  }
  const tookMs = elapsedMs(startedAt);
  const deadLetters = await findDeadLetters(config, session, attributes, deadline).catch((error: unknown) =>
    error instanceof Error ? error : new Error(String(error))
  );
  return {
    reached: { class: 'ok', message: 'answers', tookMs, statement },
    context: { attributes, deadLetters, session, deadline, errorFields: config.errorFields, now },
  };
}

async function findDeadLetters(
  { deadLetterUrl }: SqsTargetConfig,
  session: SqsSession,
  { RedrivePolicy: policy }: QueueAttributes,
  deadline: Deadline
): Promise<SqsContext['deadLetters']> {
  const arn = /"deadLetterTargetArn"\s*:\s*"([^"]+)"/.exec(policy ?? '')?.[1];
  const url = deadLetterUrl ?? (arn === undefined ? undefined : await session.urlOf(arn, deadline));
  return url === undefined ? null : { url, attributes: await session.attributes(url, deadline) };
}
