/** A person reads what a client meets in words; `no-permission` is a name for programs. */
import { namedValue } from '@live-runbooks/engine';
import { expect, it } from 'vitest';
import { ENDPOINT_CLASSES } from '../src/endpoints/classify';
import { DNS_CLASSES } from '../src/endpoints/dns/check';
import { POSTGRES_CLASSES } from '../src/postgres/classify';
import { AWS_CLASSES } from '../src/queues/aws';
import { REDIS_CLASSES } from '../src/redis/classify';
import { SENTINEL_CLASSES } from '../src/redis/sentinel/checks';

const CLASSES = [
  ...POSTGRES_CLASSES,
  ...REDIS_CLASSES,
  ...SENTINEL_CLASSES,
  ...AWS_CLASSES,
  ...DNS_CLASSES,
  ...ENDPOINT_CLASSES,
  ...['status', 'redirect'],
];

it.each([...new Set<string>(CLASSES)])('the class %s has words', (name) => {
  expect(namedValue('class', name)).toMatch(/^[a-z]+( [a-zA-Z]+)+$/);
});
