import { randomBytes } from 'node:crypto';
import type { KeyMetadata } from '@aws-sdk/client-kms';
import { z } from 'zod';
import { Unanswered, defineCheck, limit } from '../../model/check';
import { elapsedMs } from '../../model/clock';
import type { Deadline } from '../../model/deadline';
import { fact } from '../../model/fact';
import { awsAvailability } from '../availability';
import { classifyAws, iamStatement, mendAws } from '../aws';
import type { KmsSession } from './session';

export interface KmsContext {
  readonly key: KeyMetadata;
  readonly session: KmsSession;
  readonly deadline: Deadline;
  readonly now: number;
}

export const kmsAvailability = awsAvailability({ kind: 'kms', service: 'KMS', thing: 'key', action: 'DescribeKey' });

export const kmsKey = defineCheck({
  id: 'kms.key',
  title: 'The key is enabled, and stays',
  kind: 'kms',
  asks: 'DescribeKey',
  value: fact.count('1 enabled, 0 not'),
  fields: {
    enabled: fact.flag('true when it can be used'),
    state: fact.text('Enabled, Disabled, PendingDeletion, PendingImport, Unavailable …'),
    deletionInDays: fact.days(
      'days until it is deleted, and everything that it encrypted is lost; null: it is not to be'
    ),
    usage: fact.text('ENCRYPT_DECRYPT, SIGN_VERIFY …'),
    manager: fact.text('CUSTOMER or AWS'),
  },
  rows: {},
  mend: 'Disabled: aws kms enable-key --key-id <id>. Pending deletion: aws kms cancel-key-deletion --key-id <id>, at once, then enable-key; CloudTrail (ScheduleKeyDeletion, DisableKey) says who did it.',
  privilege: 'IAM: kms:DescribeKey on the key',
  below: true,
  options: z.strictObject({ critical: z.number().default(0) }),
  make:
    () =>
    ({ key, now }: KmsContext) => {
      const state = key.KeyState ?? 'unknown';
      const enabled = key.Enabled === true && state === 'Enabled';
      const days = key.DeletionDate === undefined ? null : Math.floor((key.DeletionDate.getTime() - now) / 86_400_000);
      return Promise.resolve({
        value: enabled ? 1 : 0,
        summary: enabled
          ? 'the key is enabled'
          : `the key is ${state}${days === null ? '' : `: it is deleted in ${days} days`}`,
        fields: {
          enabled,
          state,
          deletionInDays: days,
          usage: key.KeyUsage ?? null,
          manager: key.KeyManager ?? null,
        },
      });
    },
});

export const kmsProbe = defineCheck({
  id: 'kms.probe',
  title: 'The key encrypts and decrypts',
  kind: 'kms',
  asks: 'Encrypt and Decrypt of 32 random bytes, with the encryption context purpose=live-runbooks-probe; at most every `everySeconds`, because each call costs and is logged',
  value: fact.ms('Encrypt and Decrypt together'),
  timed: true,
  fields: {
    encrypts: fact.flag('Encrypt succeeded; null: it was not asked'),
    decrypts: fact.flag('Decrypt succeeded and gave the same bytes; null: it was not asked'),
    encryptMs: fact.ms('ms that Encrypt took'),
    decryptMs: fact.ms('ms that Decrypt took'),
  },
  rows: {},
  mend: 'Denied: the key policy and the role both have to allow it. Decrypt alone denied: credentials can be written and never read again.',
  privilege:
    'IAM: kms:Encrypt and kms:Decrypt on the key, with the condition kms:EncryptionContext:purpose = live-runbooks-probe',
  options: z.strictObject({
    warning: limit.warning(500),
    critical: limit.none(),
    everySeconds: limit.every(60),
  }),
  make:
    () =>
    async ({ key, session, deadline }: KmsContext) => {
      const usage = key.KeyUsage ?? 'ENCRYPT_DECRYPT';
      if (usage !== 'ENCRYPT_DECRYPT' || (key.KeySpec ?? 'SYMMETRIC_DEFAULT') !== 'SYMMETRIC_DEFAULT') {
        throw new Unanswered(
          'not-applicable',
          `the key is for ${usage} (${key.KeySpec ?? ''}), not for encryption with one key`,
          'Nothing is to be done: only symmetric keys are probed.'
        );
      }
      const plain = new Uint8Array(randomBytes(32));
      const startedAt = performance.now();
      let encryptMs: number | null = null;
      try {
        const cipher = await session.encrypt(plain, deadline);
        encryptMs = elapsedMs(startedAt);
        const back = await session.decrypt(cipher, deadline);
        const totalMs = elapsedMs(startedAt);
        const same = Buffer.from(back).equals(Buffer.from(plain));
        return {
          value: totalMs,
          summary: same
            ? `encrypted and decrypted in ${totalMs} ms`
            : 'decrypting gave other bytes than were encrypted',
          fields: { encrypts: true, decrypts: same, encryptMs, decryptMs: totalMs - encryptMs },
          ...(same ? {} : { atLeast: 'critical' as const }),
        };
      } catch (error) {
        const { class: failureClass, message } = classifyAws(error);
        const action = encryptMs === null ? 'kms:Encrypt' : 'kms:Decrypt';
        const statement = iamStatement([action], key.Arn ?? '<ARN of the key>');
        if (failureClass === 'denied') {
          const mend = `${mendAws(failureClass, statement)} The same may have to be in the key policy.`;
          throw new Unanswered('no-permission', `${action}: ${message}`, mend);
        }
        if (failureClass === 'timeout' || failureClass === 'throttled' || failureClass === 'auth') {
          throw new Unanswered(
            failureClass === 'timeout' ? 'timeout' : 'query-error',
            `${action}: ${message}`,
            mendAws(failureClass, statement)
          );
        }
        return {
          value: null,
          summary: `${action} failed: ${message}`,
          fields: {
            encrypts: encryptMs !== null,
            decrypts: encryptMs === null ? null : false,
            encryptMs,
            decryptMs: null,
          },
          atLeast: 'critical' as const,
        };
      }
    },
});

export const askedKmsChecks = [kmsKey, kmsProbe];
export const kmsChecks = [kmsAvailability, ...askedKmsChecks];
