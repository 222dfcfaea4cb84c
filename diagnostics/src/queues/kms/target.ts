import { z } from 'zod';
import { checkSettings, text } from '../../config/parts';
import { elapsedMs } from '../../model/clock';
import type { Target } from '../../model/round';
import { probedTarget } from '../../rounds/probed';
import { awsKeys, classifyAws, iamStatement, mendAws } from '../aws';
import { type KmsContext, type KmsReached, askedKmsChecks, kmsAvailability, kmsChecks } from './checks';
import { KmsSession } from './session';

export const kmsTargetSchema = z.strictObject({
  kind: z.literal('kms'),
  ...awsKeys,
  /** Id, ARN or alias (`alias/gorax`). */
  keyId: text,
  checks: checkSettings(kmsChecks),
});

export type KmsTargetConfig = z.infer<typeof kmsTargetSchema>;

/** Whether credentials can be encrypted and read again. */
export function kmsTarget(config: KmsTargetConfig): Target {
  const session = new KmsSession(config, config.keyId);
  const resource = config.keyId.startsWith('arn:') ? config.keyId : `arn:aws:kms:${config.region}:<account>:key/<key>`;
  const statement = iamStatement(['kms:DescribeKey'], resource);
  return probedTarget<KmsReached, KmsContext>({
    kind: 'kms',
    id: config.id,
    title: config.title,
    settings: config.checks,
    availability: kmsAvailability,
    asked: askedKmsChecks,
    probe: async (deadline, now) => {
      const startedAt = performance.now();
      try {
        const key = await session.describe(deadline);
        const reached = { class: 'ok', message: 'answers', tookMs: elapsedMs(startedAt), statement };
        return { reached, ...(key === undefined ? {} : { context: { key, session, deadline, now } }) };
      } catch (error) {
        return { reached: { ...classifyAws(error), tookMs: null, statement } };
      }
    },
    broken: (message) => ({ class: 'unknown', message, tookMs: null, statement }),
    mend: (is) => mendAws(is, statement),
    close: () => session.close(),
  });
}
