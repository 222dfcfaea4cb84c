import { elapsedMs } from '../../model/clock';
import type { Target } from '../../model/round';
import { checkedTarget } from '../../rounds/checkedTarget';
import { classifyAws, iamStatement, mendAws } from '../aws';
import type { AwsReached } from '../availability';
import { type KmsContext, askedKmsChecks, kmsAvailability } from './checks';
import type { KmsTargetConfig } from './config';
import { KmsSession } from './session';

/** Whether credentials can be encrypted and read again. */
export function kmsTarget(config: KmsTargetConfig): Target {
  const session = new KmsSession(config, config.keyId);
  const resource = config.keyId.startsWith('arn:') ? config.keyId : `arn:aws:kms:${config.region}:<account>:key/<key>`;
  const statement = iamStatement(['kms:DescribeKey'], resource);
  return checkedTarget<AwsReached, KmsContext>({
    kind: 'kms',
    id: config.id,
    title: config.title,
    settings: config.checks,
    availability: kmsAvailability,
    asked: askedKmsChecks,
    reach: async (deadline, { now }) => {
      const startedAt = performance.now();
      try {
        const key = await session.describe(deadline);
        const reached = { class: 'ok' as const, message: 'answers', tookMs: elapsedMs(startedAt), statement };
        return { reached, ...(key === undefined ? {} : { context: { key, session, deadline, now } }) };
      } catch (error) {
        return { reached: { ...classifyAws(error), tookMs: null, statement } };
      }
    },
    broken: (message) => ({ class: 'unknown', message, tookMs: null, statement }),
    mend: ({ class: failureClass }) => mendAws(failureClass, statement),
    close: () => session.close(),
  });
}
