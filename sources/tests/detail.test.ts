import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detailOf, safeDetail } from '../src/detail';

describe('secrets', () => {
  it.each([
    ['Authorization: Bearer abc.def-123', 'abc.def-123'],
    ['authorization=Basic YWRtaW46aHVudGVyMg==', 'YWRtaW46aHVudGVyMg'],
    ['GET http://admin:hunter2@prom:9090/x failed', 'hunter2'],
    ['postgres://u:p@ss@db/x refused', 'ss@'],
    ['password=hunter2 host=db', 'hunter2'],
    ['{"password": "hunter \\"2\\" x", "user": "a"}', 'hunter'],
    ["PGPASSWORD='hunter2 x' psql", 'hunter2'],
    ['?access_token=hunter2&x=1', 'hunter2'],
    ['api_key: hunter2', 'hunter2'],
    ['secureJsonData.diagnosticsToken=hunter2', 'hunter2'],
    ['eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1c2VyOjIifQ.c2lnbmF0dXJl', 'eyJ'],
    ['glsa_abcdefgh12345678_0a1b2c3d', 'abcdefgh'],
  ])('%s', (text, secret) => {
    expect(safeDetail(text)).not.toContain(secret);
    expect(safeDetail(text)).toContain('<removed>');
  });

  it('leaves an ordinary message alone', () => {
    const text = 'bad_data: 1:6: parse error: unexpected "}" in {app="gorax-api"}, see https://prometheus.io/docs';
    expect(safeDetail(text)).toBe(text);
  });

  it('never lets a password of a URL or an assignment out', () => {
    const password = fc.stringMatching(/^[A-Za-z0-9!$%+.@~-]{6,20}$/);
    fc.assert(
      fc.property(password, fc.constantFrom('http', 'postgres', 'rediss'), (secret, scheme) => {
        const text = safeDetail(`dial ${scheme}://user:${secret}@host:1/db failed; password=${secret}`);
        expect(text).toBe(`dial ${scheme}://<removed>@host:1/db failed; password=<removed>`);
      })
    );
  });

  it('is one line of at most 300 characters', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2_000 }), (text) => {
        const detail = safeDetail(`a\r\n${text}\nb`);
        expect(detail.length).toBeLessThanOrEqual(300);
        expect(detail).not.toMatch(/[\n\r]/);
      })
    );
  });
});

it('a megabyte is cut short, by expressions that do not go back and forth over it', () => {
  expect(safeDetail('a'.repeat(1_000_000))).toHaveLength(300);
});

describe('the words of a body', () => {
  it.each<[unknown, string]>([
    ['', 'HTTP 500, without an explanation'],
    ['{"token":"hunter2', 'HTTP 500: broken JSON, 17 characters long'],
    [{ message: '', error: '' }, 'HTTP 500, without an explanation'],
    [null, 'HTTP 500, without an explanation'],
    [[1], 'HTTP 500, without an explanation'],
    [{ message: 'a' }, 'HTTP 500: a'],
    [{ error: 'b' }, 'HTTP 500: b'],
    [{ error: { code: 'x', message: 'c' } }, 'HTTP 500: c'],
    [' <html lang="en"><head><title> Bad Gateway </title>', 'HTTP 500: an HTML page “Bad Gateway”'],
    ['<p>x</p>', 'HTTP 500: an HTML page'],
  ])('%j', (body, words) => {
    expect(detailOf(500, body)).toBe(words);
  });
});
