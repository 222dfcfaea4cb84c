import type { Row } from '@live-runbooks/engine';
import { z } from 'zod';
import { Unanswered, defineCheck, limit } from '../../model/check';
import { ENDPOINT_CLASSES } from '../classify';
import { verdictOf } from '../verdict';
import type { SentCertificate, TlsCheckContext, TlsReached } from './probe';

const DAY_MS = 86_400_000;

export const tlsAvailability = defineCheck({
  id: 'tls.availability',
  title: 'TLS connections succeed',
  kind: 'tls',
  asks: 'one TLS handshake; nothing is sent afterwards',
  unit: 'short',
  words: { class: ENDPOINT_CLASSES },
  fields: {
    up: 'true when the handshake succeeds, whatever the certificate is worth; null when this service may not ask the address',
    class: `what a client meets now: ${ENDPOINT_CLASSES.join(', ')}`,
    handshakeMs: 'ms until the handshake was done, name lookup included; null when it was not',
    protocol: 'TLSv1.2, TLSv1.3',
    address: 'the address that was connected to',
    message: 'what the server or the system said',
  },
  rows: {},
  mend: 'See the class.',
  privilege: 'network access to the port',
  below: true,
  options: z.strictObject({ critical: z.number().default(0) }),
  make: () => (reached: TlsReached) => {
    const { class: is, message, handshakeMs, protocol, address } = reached;
    const { up, ...verdict } = verdictOf(reached);
    return Promise.resolve({
      ...verdict,
      summary: up ? `${protocol ?? 'TLS'} in ${handshakeMs ?? 0} ms` : `${is}: ${message}`,
      fields: { up, class: is, handshakeMs, protocol, address, message },
      ...(is === 'tls' && reached.mend === undefined
        ? {
            mend: 'The handshake failed: the port speaks no TLS, or no protocol version and cipher that both sides take.',
          }
        : {}),
    });
  },
});

export const tlsCertificate = defineCheck({
  id: 'tls.certificate',
  title: 'The certificate is right, and stays so',
  kind: 'tls',
  asks: 'the certificates that the server sends at each of at most eight addresses of the name, verified against the trusted authorities and the host name',
  unit: 'd',
  fields: {
    daysLeft: 'days until the first certificate of the chain expires; negative: it has expired',
    validTo: 'when the server’s own certificate expires (ISO 8601)',
    validFrom: 'since when it is valid (ISO 8601)',
    subject: 'whose certificate it is',
    issuer: 'who signed it',
    names: 'names that it is for',
    hostMatches: 'it is for the configured host',
    trusted: 'its chain leads to a trusted authority, and is valid now',
    trustProblem: 'code of the verification; null when trusted',
    chainLength: 'certificates that the server sends',
    address: 'where it is served: of several addresses, the one with the worst certificate',
    addresses: 'addresses of the name that serve a certificate',
  },
  rows: {
    chain: {
      subject: 'whose',
      issuer: 'signed by',
      daysLeft: 'days until it expires',
      validTo: 'when it expires (ISO 8601)',
      selfSigned: 'signed by itself: a root, or nobody’s word',
    },
  },
  mend: 'Renew it before it expires. With cert-manager: kubectl describe certificate, then its CertificateRequest, Order and Challenge say why it was not renewed. Reload the server afterwards: a renewed file alone is not served.',
  privilege: 'network access to the port',
  below: true,
  options: z.strictObject({ warning: limit.warning(7), critical: limit.critical(1) }),
  make:
    () =>
    ({ chain, distrust, mismatch, host, address, addresses, now }: TlsCheckContext) => {
      const own = chain[0];
      if (own === undefined) {
        throw new Unanswered('query-error', 'the server sent no certificate', 'Configure a certificate in the server.');
      }
      // A root that is trusted anyway need not be renewed by this server.
      const dated = chain.filter((each, index) => index === 0 || !each.selfSigned);
      const soonest = dated.reduce((first, each) => (each.validTo < first.validTo ? each : first), own);
      const daysLeft = daysOf(soonest, now);
      const early = own.validFrom > now;
      const problem =
        daysLeft <= 0
          ? `${soonest === own ? 'the certificate' : `an intermediate (${soonest.subject})`} expired ${-daysLeft} days ago`
          : early
            ? `the certificate is valid only from ${iso(own.validFrom)}`
            : mismatch !== null
              ? `the certificate is not for ${host}: ${mismatch}`
              : distrust !== null
                ? `the certificate is not trusted: ${distrust}`
                : undefined;
      return Promise.resolve({
        value: daysLeft,
        summary: `${problem ?? `valid for ${daysLeft} more days, issued by ${own.issuer}`}${addresses > 1 ? ` (at ${address}, the worst of ${addresses} addresses)` : ''}`,
        fields: {
          daysLeft,
          validTo: iso(own.validTo),
          validFrom: iso(own.validFrom),
          subject: own.subject,
          issuer: own.issuer,
          names: own.names,
          hostMatches: mismatch === null,
          trusted: distrust === null,
          trustProblem: distrust,
          chainLength: chain.length,
          ...{ address, addresses },
        },
        rows: { chain: chain.map((each) => rowOf(each, now)) },
        ...(problem === undefined ? {} : { atLeast: 'critical' as const }),
        ...(problem !== undefined && daysLeft > 0 ? { mend: mendOf(mismatch, distrust) } : {}),
      });
    },
});

function mendOf(mismatch: string | null, distrust: string | null): string {
  if (mismatch !== null) {
    return 'Add the name to the certificate, or correct the host (serverName) of the target: clients that verify it are refused.';
  }
  return distrust === 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' || distrust === 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'
    ? 'The server does not send the intermediate certificate, or a private authority signed it: serve the full chain, or name the authority in caFile of the target.'
    : 'Clients that verify it are refused: serve a certificate of a trusted authority, or name the authority in caFile of the target.';
}

const iso = (at: number): string => new Date(at).toISOString();
const daysOf = ({ validTo }: SentCertificate, now: number): number => Math.round(((validTo - now) / DAY_MS) * 10) / 10;

const rowOf = (each: SentCertificate, now: number): Row => ({
  subject: each.subject,
  issuer: each.issuer,
  daysLeft: daysOf(each, now),
  validTo: iso(each.validTo),
  selfSigned: each.selfSigned,
});
