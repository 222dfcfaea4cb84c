import { z } from 'zod';
import { checkSettings, text } from '../../config/parts';
import { awsKeys } from '../aws';
import { kmsChecks } from './checks';

export const kmsTargetSchema = z.strictObject({
  kind: z.literal('kms'),
  ...awsKeys,
  /** Id, ARN or alias (`alias/gorax`). */
  keyId: text,
  checks: checkSettings(kmsChecks),
});

export type KmsTargetConfig = z.infer<typeof kmsTargetSchema>;
