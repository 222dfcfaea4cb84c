import { z } from 'zod';

import { given, VERDICTS } from './packTest';
import { id, list, oneOf, strict, text } from './values';

const suspect = text.regex(
  /^[a-z0-9-]+\/[a-z0-9-]+$/,
  'must be `component/cause`, like `orders-db/idle-in-transaction`'
);

/** A test of an estate: what is given at its components, and who leads then. */
export const estateTest = strict({
  name: text,
  given: z.record(id, z.record(id, given)).default({}),
  rest: oneOf(['absent', 'unknown']).default('absent'),
  expect: strict({
    leads: list(suspect),
    verdict: oneOf(VERDICTS).optional(),
    explained: list(suspect).default([]),
    says: text.optional(),
  }),
});
