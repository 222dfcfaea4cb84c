import { z } from 'zod';
import { checkSettings, text } from '../../config/parts';
import { stepsOf } from '../../endpoints/jsonPath';
import { awsKeys } from '../aws';
import { sqsChecks } from './checks';

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
