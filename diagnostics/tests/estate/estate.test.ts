import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Service } from '../../src';
import { EstateBook, EstateChanged, type KeptEstate, MAX_ESTATE_BYTES } from '../../src/estate/book';
import { keptLog, temporaryDirectory } from '../recorder/made';
import { serviceWithStores } from '../recorder/serviceWithStores';
import { ask, holds } from '../rig/client';
import { TOKEN } from '../rig/secrets';

const ana = { UserID: 2, Login: 'ana', OrgID: 1, OrgRole: 'Editor' };
const ANA = { kind: 'user', login: 'ana', userId: 2, orgId: 1, role: 'Editor' };
const CHECKOUT = {
  adopt: true,
  title: 'Checkout',
  dependsOn: ['shop.cart'],
  with: { 'http-service': { window: '1m' } },
  kinds: [{ kind: 'http-service', dialect: 'otel', is: { job: 'shop/checkout' } }],
};
const ESTATE = { components: { 'shop.checkout': CHECKOUT, 'shop.batch': { hide: true } } };

interface Failed {
  readonly error: { readonly code: string; readonly message: string; readonly mend: string };
}
const put = (body: unknown, version: string | undefined, who: object | null = ana): RequestInit => ({
  method: 'PUT',
  headers: {
    'content-type': 'application/json',
    ...(version === undefined ? {} : { 'if-match': version }),
    ...(who === null ? {} : { 'x-grafana-context': JSON.stringify(who) }),
  },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const read = (service: Service) => ask<KeptEstate>(service, '/v1/estate');

describe('the estate', () => {
  it('is none until somebody writes it, which is not the same as an empty one', async () => {
    const service = await serviceWithStores();
    const { status, body } = await read(service);
    expect(status).toBe(200);
    holds('KeptEstate', body);
    expect(body).toEqual({ version: '0', estate: null, writtenAt: null, writtenBy: null });
    const empty = await ask<KeptEstate>(service, '/v1/estate', put({}, '"0"'));
    expect(empty.body).toMatchObject({ estate: {}, writtenBy: ANA });
    expect(empty.body.version).not.toBe('0');
  });

  it('is answered as it was written, with who and when and a version, and is there after a restart', async () => {
    const directory = temporaryDirectory();
    const first = await serviceWithStores({}, directory);
    const response = await fetch(`${first.url}/v1/estate`, {
      ...put(ESTATE, '"0"'),
      headers: { ...(put(ESTATE, '"0"').headers as Record<string, string>), authorization: `Bearer ${TOKEN}` },
    });
    const written = (await response.json()) as KeptEstate;
    holds('KeptEstate', written);
    expect(response.headers.get('etag')).toBe(`"${written.version}"`);
    expect(written).toMatchObject({ estate: ESTATE, writtenBy: ANA });
    await first.close();
    const second = await serviceWithStores({}, directory);
    expect((await read(second)).body).toEqual(written);
  });

  it('does not let one writer undo another: the second is told that it was changed meanwhile', async () => {
    const service = await serviceWithStores();
    const before = (await ask<KeptEstate>(service, '/v1/estate', put(ESTATE, '"0"'))).body.version;
    const [ours, theirs] = [{ components: { a: { adopt: true } } }, { components: { b: { adopt: true } } }];
    const answers = await Promise.all(
      [ours, theirs].map((estate) => ask<KeptEstate & Failed>(service, '/v1/estate', put(estate, `"${before}"`)))
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
    expect(answers.find(({ status }) => status === 412)?.body.error).toMatchObject({ code: 'estate-changed' });
    const won = answers.find(({ status }) => status === 200)?.body;
    expect((await read(service)).body).toEqual(won);
    // A proxy that compresses makes the tag a weak one.
    expect((await ask(service, '/v1/estate', put(ESTATE, `W/"${won?.version}"`))).status).toBe(200);
  });

  it('may be sent again when the answer was lost', async () => {
    const service = await serviceWithStores();
    const [once, again] = [
      await ask<KeptEstate>(service, '/v1/estate', put(ESTATE, '"0"')),
      await ask<KeptEstate>(service, '/v1/estate', put(ESTATE, '"0"')),
    ];
    expect(again.body).toEqual(once.body);
  });

  it.each([
    ['an unknown key', { components: { a: { adpot: true } } }, /`components\.a`: there is no adpot/],
    ['an id that is none', { components: { 'A b': {} } }, /lower-case words joined by dots and hyphens/],
    ['a wrong type', { components: { a: { dependsOn: 'b' } } }, /`components\.a\.dependsOn`/],
    ['a value that is no text', { components: { a: { with: { 'http-service': { window: 1 } } } } }, /window/],
  ])('is refused with the place of the mistake: %s', async (_what, body, message) => {
    const service = await serviceWithStores();
    const answer = await ask<Failed>(service, '/v1/estate', put(body, '"0"'));
    expect([answer.status, answer.body.error.code]).toEqual([400, 'bad-request']);
    expect(answer.body.error.message).toMatch(message);
    expect((await read(service)).body.estate).toBeNull();
  });

  it('holds no secret: that of the configuration is refused, and not said again', async () => {
    const service = await serviceWithStores();
    const secret = { components: { a: { title: 'not-a-word-of-it' } } };
    const answer = await ask<Failed>(service, '/v1/estate', put(secret, '"0"'));
    expect([answer.status, answer.body.error.code]).toEqual([400, 'secret']);
    expect(JSON.stringify(answer.body)).not.toContain('not-a-word-of-it');
  });

  it('is written only for somebody who is named, over a version that is named, as JSON that is not too large', async () => {
    const service = await serviceWithStores({ requireIdentity: true });
    const { 'content-type': _type, ...plain } = put(ESTATE, '"0"').headers as Record<string, string>;
    const large = JSON.stringify({ components: {} }).padEnd(MAX_ESTATE_BYTES + 1);
    const refusals: ReadonlyArray<readonly [RequestInit, number, string]> = [
      [put(ESTATE, '"0"', null), 403, 'no-identity'],
      [put(ESTATE, undefined), 428, 'no-version'],
      [put(ESTATE, '*'), 428, 'no-version'],
      [{ ...put(ESTATE, '"0"'), headers: { ...plain, 'content-type': 'text/plain' } }, 415, 'not-json'],
      [put(large, '"0"'), 413, 'too-large'],
    ];
    for (const [init, status, code] of refusals) {
      const answer = await ask<Failed>(service, '/v1/estate', init);
      expect([answer.status, answer.body.error.code]).toEqual([status, code]);
    }
    expect((await read(service)).body.estate).toBeNull();
  });

  it('is not kept without a directory, and that is said', async () => {
    const service = await serviceWithStores({ state: {} });
    const answer = await ask<Failed>(service, '/v1/estate');
    expect([answer.status, answer.body.error.code]).toEqual([501, 'estate-off']);
  });
});

describe('the book', () => {
  const book = (file: string) => {
    const made = new EstateBook({ file, log: keptLog().log });
    onTestFinished(() => made.close());
    return made;
  };
  const who = { kind: 'anonymous', role: 'Editor' } as const;

  it('is begun anew beside a damaged one, and takes nobody who read the old one for a reader of the new one', () => {
    const file = join(temporaryDirectory(), 'estate.db');
    const first = book(file);
    const { version } = first.write(ESTATE, '0', who);
    first.close();
    writeFileSync(file, 'no database');
    const second = book(file);
    second.start();
    expect(second.read()).toMatchObject({ version: '0', estate: null });
    second.write({ components: { other: {} } }, '0', who);
    expect(() => second.write(ESTATE, version, who)).toThrow(EstateChanged);
    expect(second.status().setAside).toHaveLength(1);
  });

  it('stays within its bound, however often it is written', () => {
    const file = join(temporaryDirectory(), 'estate.db');
    const one = book(file);
    let { version } = one.read();
    const title = 'x'.repeat(450);
    for (let n = 0; n < 60; n++) {
      const components = Object.fromEntries(Array.from({ length: 1500 }, (_, i) => [`c${i}-${n}`, { title }]));
      ({ version } = one.write({ components }, version, who));
    }
    expect(one.status()).toMatchObject({ state: 'ok' });
    expect(one.status().bytes).toBeLessThan(30 * MAX_ESTATE_BYTES);
  });
});
