/** What one TLS handshake tells the checks. */
import type { EndpointFailure } from '../classify';

export interface TlsReached extends EndpointFailure {
  readonly address: string | null;
  readonly handshakeMs: number | null;
  readonly protocol: string | null;
}

export interface SentCertificate {
  readonly subject: string;
  readonly issuer: string;
  readonly names: string;
  readonly selfSigned: boolean;
  /** ms since the epoch */
  readonly validFrom: number;
  readonly validTo: number;
}

export interface TlsCheckContext {
  /** The server's own first. */
  readonly chain: readonly SentCertificate[];
  /** Code of the verification's error; null: trusted. */
  readonly distrust: string | null;
  /** Why the certificate is not for this host; null: it is. */
  readonly mismatch: string | null;
  readonly host: string;
  /** Where this certificate is served, and how many addresses of the name serve one. */
  readonly address: string;
  readonly addresses: number;
  readonly now: number;
}
