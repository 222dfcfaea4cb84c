/**
 * One TLS handshake, from the first byte or after asking for it. A bad certificate does not end it: it is what is looked
 * for. Nothing is sent afterwards.
 */
import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { type DetailedPeerCertificate, checkServerIdentity, connect } from 'node:tls';
import { elapsedMs } from '../../model/clock';
import { type Deadline, DeadlineExceeded } from '../../model/deadline';
import { tlsFiles } from '../../model/targetFile';
import type { Probed } from '../../rounds/checkedTarget';
import { type Stage, classifyEndpoint } from '../classify';
import { askPostgresForTls } from './starttls';
import { allowedAddresses, pinned } from '../resolve';
import type { TlsTargetConfig } from './config';
import type { SentCertificate, TlsCheckContext, TlsReached } from './context';

type TlsProbe = Probed<TlsReached, TlsCheckContext>;

/** Addresses of one name that are looked at: behind each may be a replica with a certificate of its own. */
const MOST_ADDRESSES = 8;

export async function probeTls(config: TlsTargetConfig, deadline: Deadline, now: number): Promise<TlsProbe> {
  try {
    const addresses = await allowedAddresses(config.host, config, deadline);
    return await probeAddresses(config, addresses.slice(0, MOST_ADDRESSES), deadline, now);
  } catch (error) {
    return { reached: { ...classifyEndpoint(error, 'dns'), address: null, handshakeMs: null, protocol: null } };
  }
}

/** The worst certificate of all addresses; the first failure when none of them answers. `addresses`: at least one. */
export async function probeAddresses(
  config: TlsTargetConfig,
  addresses: readonly LookupAddress[],
  deadline: Deadline,
  now: number
): Promise<TlsProbe> {
  const probes = await Promise.all(addresses.map((address) => shakeHands(config, address, deadline, now)));
  const shaken = probes.flatMap(({ reached, context }) => (context === undefined ? [] : [{ reached, context }]));
  const [worst] = [...shaken].sort((one, other) => rank(one.context) - rank(other.context));
  if (worst === undefined) {
    return probes[0] as TlsProbe;
  }
  const silent = probes.find(({ context }) => context === undefined)?.reached;
  const others =
    silent === undefined ? '' : `; ${probes.length - shaken.length} of ${probes.length} addresses: ${silent.message}`;
  return {
    reached: { ...worst.reached, message: `${worst.reached.message}${others}` },
    context: { ...worst.context, addresses: shaken.length },
  };
}

/** What is trusted, for this host, and valid for longest comes last. */
const rank = ({ chain, distrust, mismatch, now }: TlsCheckContext): number =>
  Math.min(...chain.map(({ validTo }) => validTo)) - (distrust !== null || mismatch !== null ? 2 * now : 0);

async function shakeHands(
  config: TlsTargetConfig,
  to: LookupAddress,
  deadline: Deadline,
  now: number
): Promise<TlsProbe> {
  const startedAt = performance.now();
  let stage: Stage = 'connect';
  let address: string | null = null;
  const name = config.serverName ?? config.host;
  try {
    const at = { host: config.host, port: config.port, lookup: pinned([to]) };
    const asked = config.starttls === 'postgres' ? await askPostgresForTls(at, deadline) : undefined;
    if (asked !== undefined) {
      stage = 'tls';
      address = asked.remoteAddress ?? null;
    }
    return await new Promise((resolve, reject) => {
      const socket = connect({
        ...(asked === undefined ? at : { socket: asked }),
        servername: isIP(name) === 0 ? name : '',
        rejectUnauthorized: false,
        ...tlsFiles(config),
      });
      const left = deadline.left();
      const timer = setTimeout(() => socket.destroy(new DeadlineExceeded(config.host, left)), left);
      socket.once('connect', () => {
        stage = 'tls';
        address = socket.remoteAddress ?? null;
      });
      socket.once('secureConnect', () => {
        const peer = socket.getPeerCertificate(true);
        // node gives the error as text here: its code, such as CERT_HAS_EXPIRED.
        const error = socket.authorizationError as unknown as string | Error | null;
        resolve({
          reached: {
            class: 'ok',
            message: 'the handshake succeeded',
            address,
            handshakeMs: elapsedMs(startedAt),
            protocol: socket.getProtocol(),
          },
          context: {
            chain: chainOf(peer),
            distrust: socket.authorized || error === null ? null : codeOf(error),
            mismatch: checkServerIdentity(name, peer)?.message ?? null,
            host: name,
            address: to.address,
            addresses: 1,
            now,
          },
        });
        socket.destroy();
      });
      socket.once('error', reject);
      socket.once('close', () => {
        clearTimeout(timer);
        reject(Object.assign(new Error('the connection was closed during the handshake'), { code: 'ECONNRESET' }));
      });
    });
  } catch (error) {
    return { reached: { ...classifyEndpoint(error, stage), address, handshakeMs: null, protocol: null } };
  }
}

const codeOf = (error: string | Error): string =>
  typeof error === 'string' ? error : ((error as NodeJS.ErrnoException).code ?? error.message);

function chainOf(first: DetailedPeerCertificate): SentCertificate[] {
  const chain: SentCertificate[] = [];
  const seen = new Set<string>();
  let each: DetailedPeerCertificate | undefined = first;
  while (each?.fingerprint256 !== undefined && !seen.has(each.fingerprint256) && chain.length < 10) {
    seen.add(each.fingerprint256);
    chain.push({
      subject: nameOf(each.subject),
      issuer: nameOf(each.issuer),
      names: (each.subjectaltname ?? '').slice(0, 500),
      selfSigned: each.issuerCertificate?.fingerprint256 === each.fingerprint256,
      validFrom: Date.parse(each.valid_from),
      validTo: Date.parse(each.valid_to),
    });
    each = each.issuerCertificate;
  }
  return chain;
}

function nameOf(name: DetailedPeerCertificate['subject'] | undefined): string {
  const parts = Object.entries(name ?? {}).map(([key, value]) => `${key}=${[value].flat().join('+')}`);
  return parts.join(', ').slice(0, 300);
}
