import type { Deadline } from '../../model/deadline';
import type { QueueAttributes, SqsSession } from './session';

export interface DeadLetterQueue {
  readonly url: string;
  readonly attributes: QueueAttributes;
}

export interface SqsContext {
  readonly attributes: QueueAttributes;
  /** null: the queue has none, and none is configured. An error: it could not be asked. */
  readonly deadLetters: DeadLetterQueue | Error | null;
  readonly session: SqsSession;
  /** Of the round. */
  readonly deadline: Deadline;
  /** Where in a JSON body the type of the error is looked for, in this order. */
  readonly errorFields: readonly string[];
  readonly now: number;
}

/** A number among the attributes; null when it is not there. */
export function attributeNumber(attributes: QueueAttributes, name: keyof QueueAttributes): number | null {
  const value = attributes[name];
  return value === undefined || !/^\d+$/.test(value) ? null : Number(value);
}
