/**
 * What a server announces is never believed: a length reserves nothing, an answer without end is cut, and neither costs the
 * process, its memory or another target anything.
 */
import { describe, expect, onTestFinished, test } from 'vitest';
import { MessageCounter, UnreadableAnswer } from '../../src/postgres/boundedConnection';
import { type Answer, AnswerTooLarge, ProtocolBroken, ReplyParser } from '../../src/redis/wire/parser';
import { ask, roundOf } from '../rig/client';
import { endless, hostile, postgresThat, redisThat } from '../rig/hostile';
import { type TestService, serve } from '../rig/service';

function parsed(...chunks: ReadonlyArray<string | Buffer>): Answer[] {
  const answers: Answer[] = [];
  const parser = new ReplyParser((answer) => answers.push(answer));
  chunks.forEach((chunk) => parser.feed(Buffer.from(chunk)));
  return answers;
}

describe('answers of a Redis', () => {
  test.each<[string, string, Answer]>([
    ['a line', '+OK\r\n', 'OK'],
    ['a number', ':-12\r\n', -12],
    ['a text', '$5\r\nh\r\nlo\r\n', 'h\r\nlo'],
    ['an empty text', '$0\r\n\r\n', ''],
    ['nothing', '$-1\r\n', null],
    ['an empty list', '*0\r\n', []],
    ['no list', '*-1\r\n', null],
    ['a list in a list', '*2\r\n*2\r\n:1\r\n$1\r\na\r\n*0\r\n', [[1, 'a'], []]],
    ['a text of several bytes a letter', '$6\r\nüöä\r\n', 'üöä'],
  ])('%s is read, however it is cut into packets', (_, text, answer) => {
    expect(parsed(text)).toEqual([answer]);
    expect(parsed(`${text}${text}`)).toEqual([answer, answer]);
    expect(parsed(...[...Buffer.from(text)].map((byte) => Buffer.from([byte])))).toEqual([answer]);
  });

  test('an error is an answer, and the next one is read', () => {
    const [error, next] = parsed('-NOAUTH Authentication required.\r\n+OK\r\n');
    expect(error).toEqual(new Error('NOAUTH Authentication required.'));
    expect(next).toBe('OK');
  });

  test.each([
    ['a text', `$5000000\r\n${'x'.repeat(5_000_000)}\r\n`],
    ['many texts together', `*60\r\n${`$100000\r\n${'x'.repeat(100_000)}\r\n`.repeat(60)}`],
    ['a list of many entries', `*100001\r\n${':1\r\n'.repeat(100_001)}`],
  ])('%s beyond the bound is read past, and the next answer is read', (_, large) => {
    const [first, next] = parsed(large, '+OK\r\n');
    expect(first).toBeInstanceOf(AnswerTooLarge);
    expect(next).toBe('OK');
  });

  test.each([
    ['a list of 33 million entries: eleven bytes', '*33554431\r\n'],
    ['a list of 2^53 entries', '*9007199254740991\r\n'],
    ['a text of 2^53 bytes', '$9007199254740991\r\n'],
  ])('%s reserves nothing', (_, head) => {
    const before = process.memoryUsage();
    expect(parsed(head, '')).toEqual([]);
    const after = process.memoryUsage();
    expect(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers).toBeLessThan(20e6);
  });

  test.each([
    ['a length that is none', '$abc\r\n'],
    ['a negative length', '*-5\r\n'],
    ['a length beyond all numbers', '$99999999999999999999\r\n'],
    ['another protocol', 'HTTP/1.1 400 Bad Request\r\n'],
    ['a line without end', `+${'x'.repeat(100_000)}`],
    ['lists in lists without end', '*1\r\n'.repeat(100)],
  ])('%s ends the connection', (_, text) => {
    expect(() => parsed(text)).toThrow(ProtocolBroken);
  });

  test('an answer without end ends the connection', () => {
    const parser = new ReplyParser(() => undefined);
    parser.feed(Buffer.from('$9007199254740991\r\n'));
    const block = Buffer.alloc(1024 * 1024, 'x');
    expect(() => {
      for (let sent = 0; sent < 100; sent += 1) {
        parser.feed(block);
      }
    }).toThrow(ProtocolBroken);
  });
});

describe('messages of a Postgres', () => {
  const head = (type: string, length: number): Buffer => {
    const bytes = Buffer.alloc(5);
    bytes.write(type, 0, 'latin1');
    bytes.writeUInt32BE(length, 1);
    return bytes;
  };

  test('are counted however they are cut into packets, and an answer ends at ReadyForQuery', () => {
    const counter = new MessageCounter();
    const answer = Buffer.concat([head('D', 7_000_004), Buffer.alloc(7_000_000), head('Z', 5), Buffer.from('I')]);
    for (let times = 0; times < 5; times += 1) {
      for (let at = 0; at < answer.length; at += 65_537) {
        counter.count(answer.subarray(at, at + 65_537));
      }
    }
  });

  test.each([
    ['one that announces 2 GB', [head('D', 0x7fffffff)]],
    ['one whose length comes byte by byte', [...head('D', 0x7fffffff)].map((byte) => Buffer.from([byte]))],
    ['no message at all', [Buffer.alloc(1000)]],
    ['rows without end', Array.from({ length: 400 }, () => Buffer.concat([head('D', 50_004), Buffer.alloc(50_000)]))],
  ])('%s is refused', (_, chunks) => {
    const counter = new MessageCounter();
    expect(() => chunks.forEach((chunk) => counter.count(chunk))).toThrow(UnreadableAnswer);
  });
});

describe('a service whose targets are hostile', () => {
  const zeros = Buffer.alloc(256 * 1024);
  const redis = (id: string, port: number) => ({ id, kind: 'redis', host: '127.0.0.1', port, password: 'p-1-2-3-4' });

  test('answers all of them, each by itself, and its memory stays', async () => {
    const rows = Buffer.concat([Buffer.from('D'), Buffer.from([0, 0, 0, 10, 0, 1]), Buffer.from([0, 0, 0, 0])]);
    const postgres = await Promise.all([
      postgresThat((socket) => endless(socket, Buffer.from([0x44, 0x7f, 0xff, 0xff, 0xff]), zeros)),
      postgresThat((socket) => endless(socket, '', Buffer.concat(Array.from({ length: 10_000 }, () => rows)))),
      hostile((socket) => endless(socket, 'E', zeros)),
    ]);
    const targets = [
      redis('announces', await redisThat('INFO', (socket) => void socket.write('*33554431\r\n'))),
      redis('endless-text', await redisThat('INFO', (socket) => endless(socket, '$9007199254740991\r\n', zeros))),
      redis(
        'endless-list',
        await redisThat('PING', (socket) =>
          endless(socket, '*9007199254740991\r\n', Buffer.from(':1\r\n'.repeat(10_000)))
        )
      ),
      redis('flood', await hostile((socket) => endless(socket, '', Buffer.from('+OK\r\n'.repeat(10_000))))),
      redis('http', await hostile((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))),
      {
        ...redis('sentinel', await redisThat('SENTINEL', (socket) => void socket.write('*33554431\r\n'))),
        kind: 'sentinel',
      },
      ...postgres.map((port, index) => ({
        ...{ id: `postgres-${index}`, kind: 'postgres', host: '127.0.0.1', port, database: 'd', user: 'u' },
        password: 'p-1-2-3-4',
      })),
    ];
    const before = process.memoryUsage();
    const service: TestService = await serve(targets);
    onTestFinished(() => service.close());
    let worst = 0;
    const watch = setInterval(() => {
      const now = process.memoryUsage();
      worst = Math.max(worst, now.heapUsed + now.arrayBuffers - before.heapUsed - before.arrayBuffers);
    }, 20);
    onTestFinished(() => clearInterval(watch));
    for (const { id } of targets) {
      const { class: failureClass, state } = await roundOf(service, id);
      expect([id, state === 'ok'], failureClass).toEqual([id, false]);
    }
    expect((await ask(service, '/healthz')).status).toBe(200);
    // The container has 384 MB, of which the process takes 100 at rest.
    expect(worst).toBeLessThan(150e6);
  });
});
