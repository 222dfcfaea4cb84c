/** Endpoints of the kinds tcp, tls and dns: each fault, and each check fired and quiet. */
import { type Server, createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../../demo/src/servers';
import { tlsCertificate } from '../../src/endpoints/tls/checks';
import { probeAddresses } from '../../src/endpoints/tls/probe';
import { tlsTargetSchema } from '../../src/endpoints/tls/config';
import { deadlineIn } from '../../src/model/deadline';
import { type Authority, type Issued, certificateAuthority } from '../rig/authority';
import { checkIn, settledRoundOf } from '../rig/client';
import { type Listening, dnsServer, httpServer, httpsServer, tcpServer } from '../rig/endpoints';
import { FaultLog } from '../rig/faults';
import { fullQueue } from '../rig/fullQueue';
import { type TestService, serve } from '../rig/service';
import { LIMIT_MS } from '../rig/atMost';

const faults = new FaultLog('TCP, TLS and DNS');
const open: Listening[] = [];
let service: TestService | undefined;

afterEach(async () => {
  await service?.close();
  service = undefined;
  await Promise.all(open.splice(0).map((server) => server.close()));
});

const keep = async (server: Promise<Listening>): Promise<Listening> => {
  const listening = await server;
  open.push(listening);
  return listening;
};
/** A round of one target, taken by a service of its own, within the limit. `check`: the one that the fault is about. */
const roundFor = async (
  target: { id: string; kind: string } & Record<string, unknown>,
  fault?: string,
  check = `${target.kind}.availability`
) => {
  await service?.close();
  service = await serve([target]);
  const round = await settledRoundOf(service, target.id);
  expect(round.ms, fault).toBeLessThan(LIMIT_MS);
  expect(round.kind).toBe(target.kind);
  if (fault !== undefined) {
    faults.record(`${target.kind}: ${fault}`, check, round);
  }
  return round;
};

afterAll(() => faults.finish());

describe('tcp.availability', () => {
  const tcp = (port: number, more: Record<string, unknown> = {}) => ({
    ...{ id: 'smtp', kind: 'tcp', host: '127.0.0.1', port },
    ...more,
  });

  test('quiet while the port takes connections', async () => {
    const { port } = await keep(tcpServer());
    const round = await roundFor(tcp(port));
    expect(round).toMatchObject({ class: 'ok', state: 'ok' });
    expect(checkIn(round, 'tcp.availability')).toMatchObject({ value: 1, fields: { up: true, address: '127.0.0.1' } });
  });

  test('fires: refused, not resolved, blocked, no answer', async () => {
    const full = await fullQueue();
    try {
      for (const [target, wanted, fault] of [
        [tcp(await freePort()), 'refused', 'nothing listens'],
        [tcp(1, { host: 'no-such-host.invalid' }), 'dns', 'name does not resolve'],
        [tcp(80, { host: '169.254.169.254' }), 'blocked', 'metadata address'],
        [tcp(80, { host: '2852039166' }), 'blocked', 'metadata address as one number'],
        [tcp(full.port), 'timeout', 'packets that nobody answers'],
      ] as const) {
        const round = await roundFor(target, fault);
        expect(round.class, fault).toBe(wanted);
        expect(checkIn(round, 'tcp.availability'), fault).toMatchObject({
          state: wanted === 'blocked' ? 'unknown' : 'critical',
          fields: { up: wanted === 'blocked' ? null : false, connectMs: null },
          mend: expect.stringMatching(/.{20}/),
        });
      }
    } finally {
      await full.dispose();
    }
  });
});

describe('tls', () => {
  const HOST = 'localhost';
  let authority: Authority;
  beforeAll(() => {
    authority = certificateAuthority();
  });
  afterAll(() => authority.dispose());

  const tls = (port: number, more: Record<string, unknown> = {}) => ({
    ...{ id: 'site', kind: 'tls', host: '127.0.0.1', port, serverName: HOST, caFile: authority.caFile },
    ...more,
  });
  const certificateOf = async (issued: Issued, more: Record<string, unknown> = {}, fault?: string) => {
    const { port } = await keep(httpsServer(issued, (_request, response) => response.end()));
    return checkIn(await roundFor(tls(port, more), fault, 'tls.certificate'), 'tls.certificate');
  };

  test('quiet with a certificate that is trusted, for this host, and valid for long', async () => {
    const { port } = await keep(httpsServer(authority.issue(HOST, 40), (_request, response) => response.end()));
    const round = await roundFor(tls(port));
    expect(round).toMatchObject({ class: 'ok', state: 'ok' });
    expect(checkIn(round, 'tls.availability').fields.protocol).toBe('TLSv1.3');
    const found = checkIn(round, 'tls.certificate');
    expect(found).toMatchObject({
      state: 'ok',
      fields: { hostMatches: true, trusted: true, trustProblem: null, issuer: 'CN=Test Intermediate' },
    });
    expect(Number(found.value)).toBeCloseTo(40, 0);
    expect(found.rows.chain?.map(({ subject }) => subject)).toEqual(
      expect.arrayContaining([`CN=${HOST}`, 'CN=Test Intermediate'])
    );
  });

  test('warns below seven days, by the configuration earlier', async () => {
    expect(await certificateOf(authority.issue(HOST, 5), {}, 'expires in 5 days')).toMatchObject({ state: 'warning' });
    const earlier = { checks: { 'tls.certificate': { warning: 30 } } };
    expect(await certificateOf(authority.issue(HOST, 25), earlier)).toMatchObject({ state: 'warning' });
    expect(await certificateOf(authority.issue(HOST, 0.5), {}, 'expires in 12 hours')).toMatchObject({
      state: 'critical',
    });
  });

  test('an intermediate that expires earlier counts', async () => {
    // The intermediate of this authority ends in 50 days.
    const found = await certificateOf(authority.issue(HOST, 55), { checks: { 'tls.certificate': { warning: 51 } } });
    expect(found).toMatchObject({ state: 'warning' });
    expect(Number(found.value)).toBeCloseTo(50, 0);
  });

  test.each<[string, (by: Authority) => Issued, Record<string, unknown>, RegExp]>([
    ['expired', (by) => by.issue(HOST, -3), {}, /expired 3 days ago/],
    ['for another host', (by) => by.issue('other.test', 40), {}, /not for localhost/],
    ['of an unknown authority', (by) => by.issue(HOST, 40), { caFile: undefined }, /not trusted: /],
    [
      'without its intermediate',
      (by) => by.issueIncomplete(HOST, 40),
      {},
      /not trusted: UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT_LOCALLY)/,
    ],
  ])('critical: %s', async (fault, issue, more, said) => {
    const found = await certificateOf(issue(authority), more, `certificate ${fault}`);
    expect(found.state).toBe('critical');
    expect(found.summary).toMatch(said);
    expect(found.mend?.length).toBeGreaterThan(20);
  });

  test('of several addresses the worst certificate counts, and an address that is silent takes nothing from the others', async () => {
    const servers: Server[] = [];
    const listen = async (host: string, days: number, port: number): Promise<number> => {
      const server = createServer(authority.issue(HOST, days), (_request, response) => response.end());
      await new Promise<void>((resolve) => server.listen(port, host, resolve));
      servers.push(server);
      return (server.address() as AddressInfo).port;
    };
    try {
      // Two replicas behind one name, of which one was forgotten when the certificate was renewed; a third is gone.
      const port = await listen('127.0.0.1', 40, 0);
      await listen('127.0.0.2', 3, port);
      const config = tlsTargetSchema.parse(tls(port, { host: 'replicas.test' }));
      const addresses = [1, 2, 3].map((n) => ({ address: `127.0.0.${n}`, family: 4 }));
      const { reached, context } = await probeAddresses(config, addresses, deadlineIn(1500), Date.now());
      expect(reached).toMatchObject({
        class: 'ok',
        message: expect.stringMatching(/; 1 of 3 addresses: .*ECONNREFUSED/),
      });
      expect(context).toMatchObject({ address: '127.0.0.2', addresses: 2 });
      const found = await tlsCertificate.prepare({}).run(context ?? expect.fail('no certificate'));
      expect(found.value).toBeCloseTo(3, 0);
      expect(found.summary).toMatch(/\(at 127\.0\.0\.2, the worst of 2 addresses\)$/);
    } finally {
      servers.forEach((server) => server.close());
    }
  });

  test('the classes: refused, no TLS, a handshake that hangs, blocked', async () => {
    const plain = await keep(httpServer((_request, response) => response.end()));
    const hole = await keep(tcpServer());
    const closing = await keep(tcpServer((socket) => socket.destroy()));
    for (const [target, wanted, fault] of [
      [tls(await freePort()), 'refused', 'nothing listens'],
      [tls(plain.port), 'tls', 'the port speaks no TLS'],
      [tls(closing.port), 'tls', 'closed during the handshake'],
      [tls(hole.port), 'hung', 'the handshake hangs'],
      [tls(443, { host: '169.254.169.254' }), 'blocked', 'metadata address'],
    ] as const) {
      const round = await roundFor(target, fault);
      expect(round.class, fault).toBe(wanted);
      expect(checkIn(round, 'tls.availability').state, fault).toBe(wanted === 'blocked' ? 'unknown' : 'critical');
      expect(checkIn(round, 'tls.certificate'), fault).toMatchObject({ state: 'unknown', value: null });
    }
  });
});

describe('dns.availability', () => {
  let zone: Awaited<ReturnType<typeof dnsServer>>;
  beforeAll(async () => {
    zone = await dnsServer({
      'api.example.test': { addresses: ['192.0.2.10', '192.0.2.11'] },
      'broken.example.test': { code: 2 },
      'refused.example.test': { code: 5 },
      'empty.example.test': { addresses: [] },
      'slow.example.test': 'silence',
    });
  });
  afterAll(() => zone.close());

  const dns = (name: string, more: Record<string, unknown> = {}) => ({
    ...{ id: 'name', kind: 'dns', name, server: `127.0.0.1:${zone.port}` },
    ...more,
  });

  test('quiet when it resolves, to what is configured', async () => {
    const round = await roundFor(dns('api.example.test', { expect: ['192.0.2.11', '192.0.2.10'] }));
    expect(round).toMatchObject({ class: 'ok', state: 'ok' });
    expect(checkIn(round, 'dns.availability')).toMatchObject({
      fields: { up: true, answers: 2, unexpected: 0, missing: 0 },
      rows: {
        answers: [
          { answer: '192.0.2.10', expected: true },
          { answer: '192.0.2.11', expected: true },
        ],
      },
    });
  });

  test('warns when the answer is another than configured', async () => {
    const round = await roundFor(dns('api.example.test', { expect: ['192.0.2.10', '192.0.2.99'] }), 'another address');
    expect(checkIn(round, 'dns.availability')).toMatchObject({
      state: 'warning',
      fields: { up: true, unexpected: 1, missing: 1 },
    });
  });

  test('the system resolver knows localhost', async () => {
    const round = await roundFor({ id: 'name', kind: 'dns', name: 'localhost' });
    expect(checkIn(round, 'dns.availability')).toMatchObject({ state: 'ok', fields: { via: 'system' } });
  });

  test('the classes', async () => {
    for (const [target, wanted, fault] of [
      [dns('nowhere.example.test'), 'not-found', 'no such name'],
      [dns('empty.example.test'), 'no-data', 'no such record'],
      [dns('broken.example.test'), 'server-failure', 'SERVFAIL'],
      [dns('refused.example.test'), 'refused', 'REFUSED'],
      [dns('slow.example.test'), 'timeout', 'DNS server silent'],
      [dns('api.example.test', { server: `127.0.0.1:${await freePort()}` }), 'refused', 'no DNS server there'],
    ] as const) {
      const round = await roundFor(target, fault);
      expect(round.class, fault).toBe(wanted);
      expect(checkIn(round, 'dns.availability'), fault).toMatchObject({
        state: 'critical',
        fields: { up: false, answers: null },
        mend: expect.stringMatching(/.{20}/),
      });
    }
  });
});
