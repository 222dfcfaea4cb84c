/** Which addresses are asked, and that a second answer of the DNS changes nothing. */
import type * as dns from 'node:dns';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { deadlineIn } from '../../src/model/deadline';
import { refusal } from '../../src/endpoints/network';
import { AddressRefused, allowedAddresses } from '../../src/endpoints/resolve';
import { type Listening, httpServer } from '../rig/endpoints';
import { roundOf } from '../rig/client';
import { serve } from '../rig/service';

/** Answers of the resolver by name, one after the other; other names are really looked up. */
const said = vi.hoisted(() => ({ answers: new Map<string, string[][]>(), lookups: 0 }));
vi.mock('node:dns', async (original) => {
  const real = await original<typeof dns>();
  const lookup = (name: string, options: object, done: (error: Error | null, found: unknown) => void): void => {
    const next = said.answers.get(name)?.shift();
    if (next === undefined) {
      (real.lookup as (name: string, options: object, done: unknown) => void)(name, options, done);
      return;
    }
    said.lookups += 1;
    setImmediate(() =>
      done(
        null,
        next.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
      )
    );
  };
  return { ...real, default: { ...real, lookup }, lookup };
});

const none = { allowAddresses: [], onlyAddresses: [] };
beforeEach(() => {
  said.answers.clear();
  said.lookups = 0;
});

describe('refusal', () => {
  test.each([
    '169.254.169.254',
    '169.254.0.1',
    '::ffff:169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::1',
    'fe80::1',
    'fe80::1%eth0',
    'fd00:ec2::254',
    '100.100.100.200',
    '168.63.129.16',
    '0.0.0.0',
    '::',
    '224.0.0.1',
    '255.255.255.255',
    '192.0.0.192',
    // Inside IPv6, wherever a gateway may take it out.
    '::169.254.169.254',
    '::a9fe:a9fe',
    '::192.0.0.192',
    '64:ff9b::169.254.169.254',
    '64:ff9b::c000:c0',
    '64:ff9b:1::1',
    '64:ff9b:1:ffff::a9fe:a9fe',
    '2002:c000:c0::',
    '2001:0:1:2:3:4:5601:5601',
    '::ffff:0:a9fe:a9fe',
    '2001:db8::5efe:169.254.169.254',
    '2001:db8::200:5efe:a9fe:a9fe',
    'fec0::1',
  ])('%s is refused, unless it is named', (address) => {
    expect(refusal(address, 'api.internal', none)).toBeDefined();
    const [plain = ''] = address.split('%');
    expect(refusal(address, 'api.internal', { ...none, allowAddresses: [plain] })).toBeUndefined();
  });

  test.each([
    ...['10.1.2.3', '192.168.0.1', '203.0.113.9', '192.0.0.191', 'fd12::1', '2001:db8::1', '::ffff:10.1.2.3'],
    ...['64:ff9b::a01:203', '64:ff9a::1', '2002:a01:203::1', '2001:db8::a9fe:a9fe', '::10.1.2.3'],
  ])('%s is asked', (address) => {
    expect(refusal(address, 'api.internal', none)).toBeUndefined();
  });

  test.each([
    ...['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', '::127.0.0.1', '64:ff9b::7f00:1', '2002:7f00:1::'],
    '::ffff:0:7f00:1',
  ])('%s is asked only when it is meant', (address) => {
    expect(refusal(address, 'api.example', none)).toMatch(/this machine/);
    expect(refusal(address, 'localhost', none)).toBeUndefined();
    expect(refusal(address, '127.0.0.1', none)).toBeUndefined();
  });
});

describe('a name', () => {
  test('that resolves to good and bad addresses is asked at the good ones only', async () => {
    said.answers.set('api.test', [['169.254.169.254', '10.0.0.7']]);
    expect(await allowedAddresses('api.test', none, deadlineIn(500))).toEqual([{ address: '10.0.0.7', family: 4 }]);
  });

  test('that is moved to the metadata service is refused', async () => {
    said.answers.set('api.test', [['10.0.0.7'], ['169.254.169.254']]);
    await allowedAddresses('api.test', none, deadlineIn(500));
    await expect(allowedAddresses('api.test', none, deadlineIn(500))).rejects.toBeInstanceOf(AddressRefused);
  });
});

describe('DNS that changes between the look and the connection', () => {
  let first: Listening;
  afterEach(() => first.close());

  test('the connection goes to the address that was looked at', async () => {
    first = await httpServer((_request, response) => response.end('fine'));
    said.answers.set('rebind.test', [['127.0.0.1'], ['169.254.169.254'], ['169.254.169.254']]);
    const service = await serve([
      {
        ...{ id: 'rebind', kind: 'http', url: `http://rebind.test:${first.port}/` },
        allowAddresses: ['127.0.0.1'],
      },
    ]);
    try {
      const round = await roundOf(service, 'rebind');
      expect(round.class).toBe('ok');
      expect(said.lookups).toBe(1);
      expect(first.connections()).toBe(1);
      const next = await service_next(service);
      expect(next.class).toBe('blocked');
      expect(first.connections()).toBe(1);
    } finally {
      await service.close();
    }
  });
});

/** The round after the interval. */
async function service_next(service: Awaited<ReturnType<typeof serve>>) {
  for (;;) {
    const round = await roundOf(service, 'rebind');
    if (round.class !== 'ok') {
      return round;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
