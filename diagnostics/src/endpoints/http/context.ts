/** What one GET brought. */
import { ENDPOINT_CLASSES, type EndpointFailure } from '../classify';

export const HTTP_CLASSES = [...ENDPOINT_CLASSES, 'status', 'redirect'] as const;

export interface HttpTimes {
  /** Milliseconds from the start of the probe; null: it did not come to that. */
  readonly dnsMs: number | null;
  readonly connectMs: number | null;
  readonly tlsMs: number | null;
  readonly firstByteMs: number | null;
  readonly totalMs: number;
}

export interface HttpReached extends EndpointFailure<(typeof HTTP_CLASSES)[number]> {
  readonly status: number | null;
  /** Where it redirects to, without query; null: it does not. */
  readonly redirect: string | null;
  /** The address that answered. */
  readonly address: string | null;
  readonly bytes: number | null;
  readonly times: HttpTimes;
}

export interface BodyField {
  readonly name: string;
  readonly path: string;
  readonly equals?: string | number | boolean | undefined;
  readonly mismatch: 'warning' | 'critical';
  readonly warning?: number | undefined;
  readonly critical?: number | undefined;
}

export interface HttpCheckContext {
  readonly status: number;
  readonly times: HttpTimes;
  /** The body as text; or why there is none to read. */
  readonly body: string | { readonly missing: string };
  readonly wanted: readonly BodyField[];
  /** Start of the round, ms since the epoch. */
  readonly now: number;
}
