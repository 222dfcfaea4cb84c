/** SQS and KMS against moto's server, as a user that has aws-policy.json and nothing else. */
import {
  CreateKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  KMSClient,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { freePort } from '../../../demo/src/servers';
import { errorType } from '../../src/queues/sqs/group';
import { certificateAuthority } from '../rig/authority';
import { checkIn, roundOf, runCheck, settledRoundOf } from '../rig/client';
import { httpServer, httpsServer, tcpServer } from '../rig/endpoints';
import { FaultLog } from '../rig/faults';
import { type Credentials, type Moto, POLICY, REGION, installMoto, startMoto } from '../rig/moto';
import { type TestService, serve } from '../rig/service';
import { LIMIT_MS } from '../rig/atMost';

const missing = await installMoto();
if (missing !== undefined) {
  process.stderr.write(`SQS and KMS are not tested: ${missing}\n`);
}

describe.skipIf(missing !== undefined)('Amazon', () => {
  const faults = new FaultLog('Amazon SQS and KMS');
  let moto: Moto;
  let user: Credentials;
  let service: TestService | undefined;
  beforeAll(async () => {
    // Without a key in the configuration nothing else may provide one.
    process.env.AWS_EC2_METADATA_DISABLED = 'true';
    moto = await startMoto();
    user = await moto.user('live-runbooks', POLICY);
  });
  afterEach(async () => {
    moto.thaw();
    await service?.close();
    service = undefined;
  });
  afterAll(async () => {
    await moto.dispose();
    faults.finish();
  });

  const admin = () => ({
    ...{ region: REGION, endpoint: moto.endpoint },
    credentials: { accessKeyId: 'admin', secretAccessKey: 'admin' },
  });
  const start = async (target: object): Promise<TestService> => {
    await service?.close();
    service = await serve([target]);
    return service;
  };
  const expectClass = async (target: { id: string } & object, wanted: string, fault: string, check: string) => {
    const own = await start(target);
    const round = await settledRoundOf(own, target.id);
    faults.record(fault, check, round);
    expect(round.ms, fault).toBeLessThan(LIMIT_MS);
    expect(round.class, fault).toBe(wanted);
    // AWS answers, and refuses this service: that is no outage.
    const refused = wanted === 'denied';
    expect(checkIn(round, check), fault).toMatchObject(
      refused
        ? { state: 'unknown', reason: 'no-permission', fields: { up: true } }
        : { state: 'critical', value: 0, fields: { up: false } }
    );
    for (const each of round.checks.filter(({ id }) => id !== check)) {
      expect(each, each.id).toMatchObject({ state: 'unknown', value: null });
    }
    expect(JSON.stringify(round) + own.log()).not.toContain(user.secretAccessKey);
    return round;
  };

  describe('sqs', () => {
    const ID = 'executions';
    let client: SQSClient;
    let url: string;
    let deadUrl: string;
    let made = 0;
    beforeAll(() => {
      client = new SQSClient(admin());
    });
    afterAll(() => client.destroy());
    // New queues each time: a queue may be purged once a minute only.
    beforeEach(() =>
      moto.asAdmin(async () => {
        const create = async (name: string, attributes: Record<string, string> = {}): Promise<string> =>
          (await client.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }))).QueueUrl ?? '';
        made += 1;
        deadUrl = await create(`executions-${made}-dlq`);
        const dead = await client.send(
          new GetQueueAttributesCommand({ QueueUrl: deadUrl, AttributeNames: ['QueueArn'] })
        );
        const policy = { deadLetterTargetArn: dead.Attributes?.QueueArn, maxReceiveCount: 5 };
        url = await create(`executions-${made}`, { RedrivePolicy: JSON.stringify(policy) });
      })
    );
    const target = (more: object = {}) => ({
      ...{ id: ID, kind: 'sqs', region: REGION, endpoint: moto.endpoint, queueUrl: url, ...user },
      ...more,
    });
    const send = (queue: string, count: number, body: (n: number) => object = (n) => ({ n }), delay = 0) =>
      moto.asAdmin(async () => {
        for (let n = 0; n < count; n += 1) {
          const message = { QueueUrl: queue, MessageBody: JSON.stringify(body(n)), DelaySeconds: delay };
          await client.send(new SendMessageCommand(message));
        }
      });

    test('quiet, then fires with the depth; in flight and delayed are counted; nothing is received', async () => {
      const own = await start(target({ checks: { 'sqs.queue': { warning: 5, critical: 20 } } }));
      const round = await roundOf(own, ID);
      expect(round).toMatchObject({ class: 'ok', state: 'ok' });
      expect(checkIn(round, 'sqs.queue')).toMatchObject({
        ...{ state: 'ok', value: 0 },
        fields: { visible: 0, inFlight: 0, delayed: 0, oldestAgeSeconds: null, maxReceiveCount: 5 },
      });
      await send(url, 8);
      await send(url, 2, undefined, 60);
      await moto.asAdmin(() => client.send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 2 })));
      const found = await runCheck(own, ID, 'sqs.queue');
      expect(found).toMatchObject({ state: 'warning', value: 6, fields: { visible: 6, inFlight: 2, delayed: 2 } });
      expect(await runCheck(own, ID, 'sqs.queue')).toMatchObject({ fields: { visible: 6, inFlight: 2 } });
    });

    test('dead letters: quiet, counted, and grouped by error on demand, which leaves them as they were', async () => {
      const own = await start(target());
      expect(await runCheck(own, ID, 'sqs.dead_letters')).toMatchObject({ state: 'ok', value: 0 });
      expect(await runCheck(own, ID, 'sqs.dead_letter_groups')).toMatchObject({ state: 'ok', fields: { read: 0 } });
      await send(deadUrl, 7, (n) => ({ error: `dial tcp 10.0.0.${n}:5432: timeout for "ann${n}@example.org"` }));
      await send(deadUrl, 3, () => ({ error_type: 'CredentialDecryptionError', tenant: 'acme' }));
      const counted = await runCheck(own, ID, 'sqs.dead_letters');
      expect(counted).toMatchObject({ state: 'warning', value: 10, fields: { queue: `executions-${made}-dlq` } });

      const grouped = await runCheck(own, ID, 'sqs.dead_letter_groups');
      expect(grouped).toMatchObject({ state: 'warning', value: 10, fields: { read: 10, groups: 2, notRestored: 0 } });
      expect(grouped.rows.groups).toMatchObject([
        { error: 'dial tcp ? timeout for ?', count: 7, share: 0.7 },
        { error: 'CredentialDecryptionError', count: 3, share: 0.3 },
      ]);
      expect(JSON.stringify(grouped)).not.toMatch(/ann\d|acme|10\.0\.0/);
      // All of them are there, and visible, at once.
      const after = await moto.asAdmin(() =>
        client.send(new GetQueueAttributesCommand({ QueueUrl: deadUrl, AttributeNames: ['All'] }))
      );
      expect(after.Attributes).toMatchObject({
        ...{ ApproximateNumberOfMessages: '10', ApproximateNumberOfMessagesNotVisible: '0' },
      });
    });

    test('a round never receives: the groups are asked on demand only', async () => {
      await send(deadUrl, 2);
      const own = await start(target());
      const round = await roundOf(own, ID);
      expect(checkIn(round, 'sqs.dead_letter_groups')).toMatchObject({ state: 'unknown', reason: 'not-applicable' });
      const read = await runCheck(own, ID, 'sqs.dead_letter_groups');
      // This was the first time that anybody received them.
      expect(read.rows.groups?.[0]).toMatchObject({ error: '(no error field)', count: 2, receiveCount: 1 });
    });

    test('an action that the policy lacks is a finding with the exact statement', async () => {
      await send(deadUrl, 1);
      const readOnly = JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl'], Resource: '*' }],
      });
      const poor = await moto.user('reader', readOnly);
      const own = await start(target(poor));
      expect((await runCheck(own, ID, 'sqs.dead_letters')).state).toBe('warning');
      const found = await runCheck(own, ID, 'sqs.dead_letter_groups');
      expect(found).toMatchObject({ state: 'unknown', reason: 'no-permission' });
      expect(found.mend).toMatch(/^Add to the policy of the role: {"Effect":"Allow","Action":\["sqs:ReceiveMessage"\]/);
    });

    test('a proxy that opens TLS, a clock that is wrong, and throttling have words of their own', async () => {
      const authority = certificateAuthority();
      const says = (status: number, type: string, message: string) =>
        httpServer((_request, response) => {
          response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
          response.end(JSON.stringify({ __type: `com.amazonaws.sqs#${type}`, message }));
        });
      const proxy = await httpsServer(authority.issue('proxy.test', 30), (_request, response) => response.end());
      const skewed = await says(403, 'InvalidSignatureException', 'Signature expired: 20260101T000000Z is now earlier');
      const busy = await says(400, 'RequestThrottled', 'Rate exceeded');
      try {
        const opened = target({ endpoint: `https://127.0.0.1:${proxy.port}` });
        const tls = await expectClass(opened, 'tls', 'SQS: a proxy opens TLS', 'sqs.availability');
        expect(checkIn(tls, 'sqs.availability').mend).toMatch(/NODE_EXTRA_CA_CERTS/);
        const late = target({ endpoint: `http://127.0.0.1:${skewed.port}` });
        const clock = await expectClass(late, 'auth', 'SQS: the clock is wrong', 'sqs.availability');
        expect(checkIn(clock, 'sqs.availability').mend).toMatch(/correct the clock/);
        const own = await start(target({ endpoint: `http://127.0.0.1:${busy.port}` }));
        const round = await roundOf(own, ID);
        expect(round.class).toBe('throttled');
        expect(checkIn(round, 'sqs.availability')).toMatchObject({ state: 'warning', fields: { up: true } });
        faults.record('SQS: throttled', 'sqs.availability', round);
      } finally {
        await Promise.all([proxy, skewed, busy].map((each) => each.close()));
        authority.dispose();
      }
    });

    test('the classes: each within two seconds', async () => {
      const hole = await tcpServer();
      try {
        const nobody = await moto.user('nobody', POLICY.replace(/"(sqs|kms):\w+"/g, '"s3:ListAllMyBuckets"'));
        for (const [given, wanted, fault] of [
          [target({ endpoint: `http://127.0.0.1:${await freePort()}` }), 'refused', 'SQS: nothing listens'],
          [target({ endpoint: 'http://no-such-host.invalid' }), 'dns', 'SQS: name does not resolve'],
          [target({ endpoint: `http://127.0.0.1:${hole.port}` }), 'timeout', 'SQS: accepts and never answers'],
          [target({ queueUrl: `${url}-gone` }), 'queue-missing', 'SQS: no such queue'],
          // moto refuses a key that it does not know with XML, where AWS answers JSON.
          [target({ accessKeyId: 'AKIAWRONGWRONGWRONG0' }), 'denied', 'SQS: refused in a foreign language'],
          [target({ accessKeyId: undefined, secretAccessKey: undefined }), 'auth', 'SQS: no credentials'],
          [target(nobody), 'denied', 'SQS: nothing is allowed'],
        ] as const) {
          await expectClass(given, wanted, fault, 'sqs.availability');
        }
      } finally {
        await hole.close();
      }
    });
  });

  describe('kms', () => {
    const ID = 'credentials-key';
    let client: KMSClient;
    let keyId: string;
    const create = async (more: object = {}): Promise<string> =>
      moto.asAdmin(async () => (await client.send(new CreateKeyCommand(more))).KeyMetadata?.KeyId ?? '');
    beforeAll(async () => {
      client = new KMSClient(admin());
      keyId = await create();
    });
    afterAll(() => client.destroy());
    const target = (more: object = {}) => ({
      ...{ id: ID, kind: 'kms', region: REGION, endpoint: moto.endpoint, keyId, ...user },
      ...more,
    });

    test('quiet: enabled, and a probe comes back as it went', async () => {
      const own = await start(target({ checks: { 'kms.probe': { warning: LIMIT_MS } } }));
      const round = await roundOf(own, ID);
      expect(round).toMatchObject({ class: 'ok', state: 'ok' });
      expect(checkIn(round, 'kms.key')).toMatchObject({ value: 1, fields: { enabled: true, state: 'Enabled' } });
      expect(checkIn(round, 'kms.probe')).toMatchObject({ state: 'ok', fields: { encrypts: true, decrypts: true } });
    });

    test('disabled, and on its way to be deleted', async () => {
      await moto.asAdmin(() => client.send(new DisableKeyCommand({ KeyId: keyId })));
      const own = await start(target());
      expect(await runCheck(own, ID, 'kms.key')).toMatchObject({ state: 'critical', fields: { state: 'Disabled' } });
      await moto.asAdmin(() => client.send(new EnableKeyCommand({ KeyId: keyId })));
      expect((await runCheck(own, ID, 'kms.key')).state).toBe('ok');

      const doomed = await create();
      await moto.asAdmin(() => client.send(new ScheduleKeyDeletionCommand({ KeyId: doomed, PendingWindowInDays: 10 })));
      const found = await runCheck(await start(target({ keyId: doomed })), ID, 'kms.key');
      expect(found).toMatchObject({ state: 'critical', fields: { state: 'PendingDeletion' } });
      expect(Number(found.fields.deletionInDays)).toBeGreaterThanOrEqual(9);
      expect(found.mend).toMatch(/cancel-key-deletion/);
    });

    test('a key that does not encrypt is not probed', async () => {
      const signing = await create({ KeyUsage: 'SIGN_VERIFY', KeySpec: 'ECC_NIST_P256' });
      const own = await start(target({ keyId: signing }));
      expect(await runCheck(own, ID, 'kms.probe')).toMatchObject({ state: 'unknown', reason: 'not-applicable' });
      expect((await runCheck(own, ID, 'kms.key')).state).toBe('ok');
    });

    test.each(['kms:Encrypt', 'kms:Decrypt'])('without %s the finding is the exact statement', async (action) => {
      const less = POLICY.replace(`"${action}"`, '"kms:ListAliases"');
      const poor = await moto.user(`without-${action.slice(4)}`, less);
      const found = await runCheck(await start(target(poor)), ID, 'kms.probe');
      expect(found).toMatchObject({ state: 'unknown', reason: 'no-permission' });
      expect(found.mend).toContain(`{"Effect":"Allow","Action":["${action}"],"Resource":"arn:aws:kms:${REGION}:`);
    });

    test('the classes: each within two seconds', async () => {
      for (const [given, wanted, fault] of [
        [target({ endpoint: `http://127.0.0.1:${await freePort()}` }), 'refused', 'KMS: nothing listens'],
        [target({ keyId: '00000000-0000-0000-0000-000000000000' }), 'key-missing', 'KMS: no such key'],
      ] as const) {
        await expectClass(given, wanted, fault, 'kms.availability');
      }
      const own = await start(target());
      expect((await roundOf(own, ID)).class).toBe('ok');
      moto.freeze();
      const hung = await expectClass(target(), 'timeout', 'KMS: stopped', 'kms.availability');
      expect(hung.ms).toBeLessThan(LIMIT_MS);
      moto.thaw();
    });
  });
});

test('what an error names is taken out, what it is stays', () => {
  expect(errorType('Timeout after 30s calling https://api.example/x?token=1')).toBe('Timeout after ? calling ?');
  expect(errorType("pq: duplicate key value violates unique constraint 'executions_pkey'\nat line 7")).toBe(
    'pq: duplicate key value violates unique constraint ?'
  );
  expect(errorType('CredentialDecryptionError')).toBe('CredentialDecryptionError');
});
