/**
 * The words for values that a program chose: the class of an availability check says what a client meets. Sentences and tables
 * say them alike; data of the estate (names, states of sessions, policies) stays as it was answered.
 */
import type { Scalar } from '../model/outcome';

const CLASS_WORDS: Readonly<Record<string, string>> = {
  ok: 'it answers',
  auth: 'the login is refused',
  blocked: 'the address is not allowed',
  busy: 'busy with a script',
  'catalog-locked': 'a system catalog is locked',
  'database-missing': 'the database does not exist',
  denied: 'access is denied',
  dns: 'the name does not resolve',
  hung: 'the connection is accepted and no whole answer comes',
  'hung-postmaster': 'no new session is started',
  'key-missing': 'the key does not exist',
  loading: 'loading its data',
  'master-down': 'the link to its master is down',
  'max-clients': 'its limit of clients is reached',
  misconf: 'writes are refused because a save failed',
  'no-data': 'the name has no such record',
  'no-permission': 'the user lacks a permission',
  'not-found': 'the name does not exist',
  pooler: 'the pooler allows no transactions',
  'queue-missing': 'the queue does not exist',
  redirect: 'an unexpected redirect',
  refused: 'the connection is refused',
  reset: 'the connection is reset',
  'role-limit': 'the connection limit of the user is reached',
  'server-failure': 'the name server fails',
  'shutting-down': 'shutting down',
  'starting-up': 'starting up',
  status: 'an unexpected status',
  throttled: 'requests are throttled',
  timeout: 'no answer in time',
  tls: 'the TLS handshake fails',
  'too-many-clients': 'its limit of connections is reached',
  unknown: 'an unknown failure',
};

/** `class`, `no-permission` → "the user lacks a permission"; any other value as it is. A class without words loses its hyphens. */
export function namedValue(column: string, value: Scalar): Scalar {
  if (column !== 'class' || typeof value !== 'string') {
    return value;
  }
  return Object.hasOwn(CLASS_WORDS, value) ? (CLASS_WORDS[value] ?? value) : value.replace(/-/g, ' ');
}
