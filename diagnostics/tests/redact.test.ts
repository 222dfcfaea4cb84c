/** No literal of a statement, and no argument of a command, leaves the service. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redactRedisCommand } from '../src/redact/redisCommand';
import { Secrets } from '../src/redact/secrets';
import { redactSql } from '../src/redact/sql';

describe('redactSql', () => {
  test.each([
    [`SELECT * FROM users WHERE email = 'a@b.c' AND id = 42`, 'SELECT * FROM users WHERE email = ? AND id = ?'],
    [`SELECT 'it''s', E'a\\'b', $$x$$, $tag$ 'y' $tag$, X'1F', N'n', U&'u'`, 'SELECT ?, …'],
    ['SELECT 1.5e-10, .5, 0x1F, 1_000', 'SELECT ?, …'],
    ['SELECT t1.c2 FROM t1 WHERE c2 = $1', 'SELECT t1.c2 FROM t1 WHERE c2 = $1'],
    ['SELECT "Weird 1 ""name" FROM x', 'SELECT "Weird 1 ""name" FROM x'],
    ['SELECT 1 -- secret\n, 2 /* more /* nested */ secret */ FROM t', 'SELECT ?, … FROM t'],
    ['INSERT INTO t VALUES (1, 2), (3, 4), (5, 6)', 'INSERT INTO t VALUES (?, …), …'],
    ['SELECT a  \n FROM\tb', 'SELECT a FROM b'],
    [`SELECT 'cut off he`, 'SELECT ?…'],
    [`SELECT 'a\\' OR secret`, 'SELECT ?…'],
    ['SELECT /* cut off', 'SELECT'],
    [`ALTER ROLE bob PASSWORD 'hunter2'`, 'ALTER ROLE bob PASSWORD ?'],
    [`SELECT a-1, a - -1, a--1`, 'SELECT a-?, a - -?, a'],
  ])('%s', (sql, expected) => {
    expect(redactSql(sql)).toBe(expected);
  });

  test('is short', () => {
    expect(redactSql(`SELECT ${'column_name, '.repeat(500)}`).length).toBeLessThanOrEqual(601);
  });

  const secret = 'SeCrEt';
  const quote = fc.constantFrom<(text: string) => string>(
    (text) => `'${text.replace(/'/g, "''")}'`,
    (text) => `E'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`,
    (text) => `$q$${text.replace(/\$/g, '')}$q$`,
    (text) => `/* ${text.replace(/[*/]/g, '')} */`,
    (text) => `-- ${text.replace(/[\n\r]/g, '')}\n`
  );
  const noise = fc.constantFrom(
    'SELECT ',
    ' a',
    ' = ',
    '(',
    ')',
    ', ',
    ' t1',
    ' $1 ',
    ' 17 ',
    ' "x y" ',
    ' -',
    ' /',
    ' \n'
  );
  const before = fc.string({ unit: fc.constantFrom('a', "'", '"', '\\', '$', '-', '*', '/', ' ', '\n', 'é') });

  test('never leaves what was in a literal or a comment, whatever surrounds it or cuts it off', () => {
    const pieces = fc.array(
      fc.oneof(
        noise,
        fc.tuple(quote, before, before).map(([q, a, b]) => q(`${a}${secret}${b}`))
      )
    );
    fc.assert(
      fc.property(pieces, fc.nat(400), (parts, length) => {
        const sql = parts.join(' ');
        expect(redactSql(sql)).not.toContain(secret);
        expect(redactSql(sql.slice(0, length))).not.toContain(secret);
      }),
      { numRuns: 2000 }
    );
  });
});

describe('redactRedisCommand', () => {
  test.each([
    [['GET', 'session:abcdef'], 'GET session:?'],
    [['SET', 'plain-secret', 'value'], 'SET ? ? (2 arguments)'],
    [['keys', '*'], 'KEYS *'],
    [['EVAL', 'return "secret"', '0'], 'EVAL ? ? (2 arguments)'],
    [['CONFIG', 'SET', 'requirepass', 'secret'], 'CONFIG SET ? ? (2 arguments)'],
    [['AUTH', 'secret'], 'AUTH ?'],
    [['PING'], 'PING'],
    [['GET', 'a b:secret'], 'GET ?'],
    [['we ird', 'secret'], '?'],
    [[], '?'],
  ])('%j', (words, expected) => {
    expect(redactRedisCommand(words)).toBe(expected);
  });
});

test('Secrets takes every secret out, encoded ones too', () => {
  const secrets = new Secrets();
  secrets.add('p@ss word');
  secrets.add(undefined);
  expect(secrets.scrub('a p@ss word b p%40ss%20word c')).toBe('a *** b *** c');
});

test.each([
  [
    'a word',
    'gorax',
    'gorax-postgres: password=gorax for gorax, see gorax.pool',
    'gorax-postgres: password=*** for gorax, see gorax.pool',
  ],
  ['a word with digits', 'gorax2024', "PASSWORD 'gorax2024' of gorax2024-db", "PASSWORD '***' of gorax2024-db"],
  [
    'in a URL',
    'postgres',
    'postgres://postgres:postgres@postgres:5432/postgres',
    'postgres://postgres:***@postgres:5432/postgres',
  ],
  ['on a command line', 'redis', 'redis-cli -a redis info', 'redis-cli -a *** info'],
  [
    'in JSON',
    'postgres',
    '{"target":"shop-postgres","password":"postgres"}',
    '{"target":"shop-postgres","password":"***"}',
  ],
  ['short', 'pg', 'pg_stat_activity: pwd: pg', 'pg_stat_activity: pwd: ***'],
  [
    'part of a name',
    'shop-redis-1',
    'the target shop-redis-1 is down, requirepass shop-redis-1',
    'the target shop-redis-1 is down, requirepass ***',
  ],
])('a password that is %s is taken out only where the text says that it is one', (_, password, text, clean) => {
  const words = new Secrets(['shop-redis-1', 'shop-postgres']);
  expect(words.add(password)).toBe('ordinary-word');
  expect(words.scrub(text)).toBe(clean);
});

test.each(['xK9-vmQ2', 'correct-horse-battery', '4f5c7d9e1a2b', 'pässwörd-1x', 'verylongwordofletters'])(
  '%s is no ordinary word, and is taken out everywhere',
  (password) => {
    const known = new Secrets(['shop-postgres']);
    expect(known.add(password)).toBe('secret');
    expect(known.scrub(`x${password}y ${encodeURIComponent(password)}`)).toBe('x***y ***');
  }
);
