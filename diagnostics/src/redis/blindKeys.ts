/** Keys that a check could not read: it is never `ok` over them, and says what lets it. */
import type { Finding } from '../model/check';
import { type ValuesOf, fact } from '../model/fact';
import type { RedisCheckContext } from './context';
import type { KeySpaceView } from './keySpace';

export const blindRows = {
  object: fact.text('a database, or some keys'),
  why: fact.text('what the server says'),
  grant: fact.text('what lets this service read them'),
};

export interface BlindSpot {
  readonly rows: ReadonlyArray<ValuesOf<typeof blindRows>>;
  /** The end of the summary; empty without a blind spot. */
  readonly says: string;
  readonly unknown: Pick<Finding, 'unknown'>;
}

export function blindSpot(
  blind: KeySpaceView['blind'],
  { explain }: Pick<RedisCheckContext, 'explain'>,
  privilege: string
): BlindSpot {
  const told = blind.map(({ object, error }) => ({ object, ...explain(error, privilege) }));
  const [first] = told;
  return {
    rows: told.map(({ object, summary, mend }) => ({ object, why: summary, grant: mend })),
    says: first === undefined ? '' : `; not read: ${told.map(({ object }) => object).join(', ')}: ${first.summary}`,
    unknown: first === undefined ? {} : { unknown: { reason: first.reason, mend: first.mend } },
  };
}
