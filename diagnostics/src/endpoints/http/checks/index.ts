/** Every check of an HTTP endpoint. */
import type { Check } from '../../../model/check';
import type { HttpCheckContext } from '../context';
import { availability } from './availability';
import { body } from './body';
import { goroutines } from './goroutines';
import { latency } from './latency';

export const askedHttpChecks: ReadonlyArray<Check<HttpCheckContext>> = [latency, body, goroutines];

export { availability as httpAvailability };

export const httpChecks = [availability, ...askedHttpChecks];
