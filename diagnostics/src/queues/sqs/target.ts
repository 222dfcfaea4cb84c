import { elapsedMs } from '../../model/clock';
import type { Deadline } from '../../model/deadline';
import type { Target } from '../../model/round';
import { type Probed, checkedTarget } from '../../rounds/checkedTarget';
import { actionOf, classifyAws, iamStatement, mendAws } from '../aws';
import { askedSqsChecks, sqsAvailability } from './checks';
import type { AwsReached } from '../availability';
import type { SqsTargetConfig } from './config';
import type { SqsContext } from './context';
import { type QueueAttributes, SqsSession } from './session';
import { sayFailure } from '../../model/failure';

export function sqsTarget(config: SqsTargetConfig): Target {
  const session = new SqsSession(config);
  const ask = statementOf(config);
  return checkedTarget<AwsReached, SqsContext>({
    kind: 'sqs',
    id: config.id,
    title: config.title,
    settings: config.checks,
    availability: sqsAvailability,
    asked: askedSqsChecks,
    reach: (deadline, { now }) => probe(config, session, deadline, now),
    broken: (message) => ({ class: 'unknown', message, tookMs: null, statement: ask }),
    mend: ({ class: failureClass }) => mendAws(failureClass, ask),
    explain: (error) => {
      const failure = classifyAws(error);
      const { class: failureClass, message, mend } = failure;
      if (failureClass === 'unknown') {
        return undefined;
      }
      const action = actionOf(error);
      const resource = /on resource:? (arn:[^\s"]+)/i.exec(message)?.[1] ?? '<ARN of the dead-letter queue>';
      const statement = iamStatement(action === undefined ? ALL : [action], resource);
      const reason =
        failureClass === 'denied' || failureClass === 'auth'
          ? 'no-permission'
          : failureClass === 'timeout'
            ? 'timeout'
            : 'query-error';
      return { reason, summary: sayFailure(failure), mend: mend ?? mendAws(failureClass, statement) };
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
): Promise<Probed<AwsReached, SqsContext>> {
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
