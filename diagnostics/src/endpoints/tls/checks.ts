import { z } from 'zod';
import { Unanswered, defineCheck, limit } from '../../model/check';
import { fact } from '../../model/fact';
import { sayFailure } from '../../model/failure';
import { ENDPOINT_CLASSES } from '../classify';
import { verdictOf } from '../verdict';
import type { SentCertificate, TlsCheckContext, TlsReached } from './context';

const DAY_MS = 86_400_000;

export const tlsAvailability = defineCheck({
  id: 'tls.availability',
  title: 'TLS connections succeed',
  kind: 'tls',
  asks: 'one TLS handshake; nothing is sent afterwards',
  value: fact.count('1 up, 0 down'),
  fields: {
    up: fact.flag(
      'true when the handshake succeeds, whatever the certificate is worth; null when this service may not ask the address'
    ),
    class: fact.word(ENDPOINT_CLASSES, 'what happens to a client that connects now'),
    handshakeMs: fact.ms('ms until the handshake was done, name lookup included; null when it was not'),
    protocol: fact.text('TLSv1.2, TLSv1.3'),
    address: fact.text('the address that was connected to'),
    message: fact.text('what the server or the system said'),
  },
  rows: {},
  mend: 'See the class.',
  privilege: 'network access to the port',
  below: true,
  options: z.strictObject({ critical: z.number().default(0) }),
  make: () => (reached: TlsReached) => {
    const { class: failureClass, message, handshakeMs, protocol, address } = reached;
    const { up, ...verdict } = verdictOf(reached);
    return Promise.resolve({
      ...verdict,
      summary: up ? `${protocol ?? 'TLS'} in ${handshakeMs ?? 0} ms` : sayFailure(reached),
      fields: { up, class: failureClass, handshakeMs, protocol, address, message },
      ...(failureClass === 'tls' && reached.mend === undefined
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
  value: 'daysLeft',
  fields: {
    daysLeft: fact.days('days until the first certificate of the chain expires; negative: it has expired'),
    validTo: fact.time('when the server’s own certificate expires (ISO 8601)'),
    validFrom: fact.time('since when it is valid (ISO 8601)'),
    subject: fact.text('whose certificate it is'),
    issuer: fact.text('who signed it'),
    names: fact.text('names that it is for'),
    hostMatches: fact.flag('it is for the configured host'),
    trusted: fact.flag('its chain leads to a trusted authority, and is valid now'),
    trustProblem: fact.text('code of the verification; null when trusted'),
    chainLength: fact.count('certificates that the server sends'),
    address: fact.text('where it is served: of several addresses, the one with the worst certificate'),
    addresses: fact.count('addresses of the name that serve a certificate'),
  },
  rows: {
    chain: {
      subject: fact.text('whose'),
      issuer: fact.text('signed by'),
      daysLeft: fact.days('days until it expires'),
      validTo: fact.time('when it expires (ISO 8601)'),
      selfSigned: fact.flag('signed by itself: a root, or a certificate that no authority vouches for'),
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

export const tlsChecks = [tlsAvailability, tlsCertificate];

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

const rowOf = (each: SentCertificate, now: number) => ({
  subject: each.subject,
  issuer: each.issuer,
  daysLeft: daysOf(each, now),
  validTo: iso(each.validTo),
  selfSigned: each.selfSigned,
});
