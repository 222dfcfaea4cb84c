import { z } from 'zod';
import { type Check, defineCheck } from '../model/check';
import { fact } from '../model/fact';
import { sayFailure } from '../model/failure';
import { AWS_CLASSES, type AwsFailure, verdictOfAws } from './aws';

/** What the first call to an Amazon service came to. */
export interface AwsReached extends AwsFailure {
  readonly tookMs: number | null;
  /** The IAM statement that allows the call. */
  readonly statement: string;
}

interface Asked {
  readonly kind: 'sqs' | 'kms';
  /** As Amazon writes it. */
  readonly service: string;
  readonly thing: 'queue' | 'key';
  /** The call that is made. */
  readonly action: string;
}

/** Whether the service answers for the thing of a target. */
export const awsAvailability = ({ kind, service, thing, action }: Asked): Check<AwsReached> =>
  defineCheck({
    id: `${kind}.availability`,
    title: `The ${thing} can be asked`,
    kind,
    asks: action,
    value: fact.count('1 up, 0 down'),
    fields: {
      up: fact.flag(`true when ${service} answers for this ${thing}; a refusal of this service is an answer too`),
      class: fact.word(AWS_CLASSES, 'what happens to a client that connects now'),
      latencyMs: fact.ms('ms until it was answered; null when it was not'),
      message: fact.text(`what ${service} or the system said`),
    },
    rows: {},
    mend: 'See the class.',
    privilege: `IAM: ${kind}:${action} on the ${thing}`,
    below: true,
    options: z.strictObject({ critical: z.number().default(0) }),
    make: () => (reached: AwsReached) => {
      const { class: failureClass, message, tookMs, statement } = reached;
      const { up, ...verdict } = verdictOfAws(reached, statement);
      return Promise.resolve({
        ...verdict,
        summary: failureClass === 'ok' ? `answered in ${tookMs ?? 0} ms` : sayFailure(reached),
        fields: { up, class: failureClass, latencyMs: tookMs, message },
      });
    },
  });
