/** No value can leave its quotes: whatever a label or a row holds, each language reads it back as that one value. */
import { spawnSync } from 'node:child_process';

import { bind, fillFix, plan, quote, type Fix, type Pack } from '@live-runbooks/engine';
import { parser as logqlParser } from '@grafana/lezer-logql';
import { parser as promqlParser } from '@prometheus-io/lezer-promql';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const NASTY = [
  '"',
  "'",
  '\\',
  '`',
  '\n',
  '\r',
  '\t',
  '$(touch x)',
  '${x}',
  ';',
  '--',
  '/*',
  '*/',
  '#',
  '}}',
  '{{x}}',
  '$$',
  '\u2028',
  'é',
  '😀',
  '\ud800',
  '!',
  '*',
  ' ',
  '-',
  'E',
  '%',
  '\\x27',
  '\u0007',
  '\u001b[2K',
  '\u009b',
  '\u202e',
  '\u200b',
  '\u{e0041}',
];
const nasty = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...NASTY) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) }
    ),
    { maxLength: 10 }
  )
  .map((pieces) => pieces.join(''));
const wellFormed = (value: string) =>
  value.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');

/** A pack with one signal and one fix that use the parameter `x`. */
function packWith(
  expr: string,
  command: string,
  language: Fix['language'],
  source: 'prometheus' | 'loki' = 'prometheus'
): Pack {
  const fix: Fix = {
    id: 'f',
    title: 'f',
    kind: 'read',
    risk: 'safe',
    language,
    command,
    inputs: {},
    when: [],
    unless: [],
    reach: '',
    soonest: 2,
    takes: 0,
  };
  return {
    id: 'p',
    title: 'p',
    description: '',
    format: 1,
    params: { x: { title: 'x', kind: 'value', required: true } },
    signals: {
      s: {
        id: 's',
        title: 's',
        query: { source, expr },
        test: { above: 0 },
        unit: '',
        empty: 'unknown',
        maxAge: 1,
        requires: [],
        cost: 1,
        mend: {},
      },
    },
    runbooks: [
      {
        id: 'r',
        pack: 'p',
        title: 'r',
        summary: '',
        covers: [],
        area: '',
        service: '',
        severity: 'info',
        alerts: [],
        symptoms: ['s'],
        causes: [],
        fixes: { f: fix },
        prevention: [],
        corrections: [],
        escalate: '',
        tests: [],
      },
    ],
  };
}
const command = (language: Fix['language'], template: string, value: string) =>
  fillFix(bind(packWith('up', template, language), { url: { x: value } }), 'r', 'f', new Map());
const query = (expr: string, value: string, source: 'prometheus' | 'loki' = 'prometheus') =>
  plan([bind(packWith(expr, 'x', 'text', source), { url: { x: value } })]).queries[0]?.expr ?? '';

/** The structure of an expression: node names and where the string literals are. */
function structure(expr: string, parser = promqlParser): { nodes: string[]; strings: string[] } {
  const nodes: string[] = [];
  const strings: string[] = [];
  parser.parse(expr).iterate({
    enter: (node) => {
      nodes.push(node.type.isError ? 'ERROR' : node.name);
      if (node.name === 'StringLiteral' || node.name === 'String') {
        strings.push(expr.slice(node.from, node.to));
      }
    },
  });
  return { nodes, strings };
}

/** Go's reading of a string literal, written apart from the code under test. */
function unquoteGo(literal: string): string {
  const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', '\\': '\\', '"': '"', "'": "'" };
  return literal
    .slice(1, -1)
    .replace(
      /\\(?:u([0-9a-f]{4})|U([0-9a-f]{8})|([\s\S]))/g,
      (_, hex: string | undefined, long: string | undefined, char: string) =>
        (hex ?? long) === undefined ? (escapes[char] ?? '?') : String.fromCodePoint(parseInt(hex ?? long ?? '', 16))
    );
}

/** What nothing that is pasted into a terminal may hold, written apart from the code under test. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

describe('PromQL', () => {
  it.each(['up{a={{x}}}', 'up{a="{{x}}"}', 'up{a=\'{{x}}\',b="c"}', 'sum(rate(x{a=~"pre-{{x}}-.*"}[5m])) # {{{'])(
    '%s keeps its structure, and says the value',
    (expr) => {
      const plain = structure(query(expr, 'plain'));
      fc.assert(
        fc.property(
          nasty.filter((value) => value !== '' && !value.includes('\0')),
          (value) => {
            const found = structure(query(expr, value));
            expect(found.nodes).toEqual(plain.nodes);
            expect(found.nodes).not.toContain('ERROR');
            expect(unquoteGo(found.strings[0] ?? '')).toBe(
              unquoteGo(plain.strings[0] ?? '').replace('plain', () => wellFormed(value))
            );
          }
        ),
        { numRuns: 300 }
      );
    }
  );

  it('holds for the bare functions too, LogQL alike', () => {
    fc.assert(
      fc.property(nasty, (value) => {
        expect(structure(`up{a=${quote.promql(value)}}`).nodes).toEqual(structure('up{a="b"}').nodes);
        expect(unquoteGo(quote.logql(value))).toBe(wellFormed(value));
        expect(quote.logql(value)).not.toMatch(/[\n`]$/);
      })
    );
  });
});

describe('LogQL', () => {
  it.each([
    'count_over_time({app={{x}}}[5m])',
    'sum by (app) (count_over_time({app="{{x}}"} |= "panic" [5m]))',
    'count_over_time({a=~"pre-{{x}}-.*"} | json | line_format "{{.msg}}" [5m])',
    'count_over_time({a="b"} |= "{{x}}" | logfmt | level="error" [5m])',
  ])('%s keeps its structure, and says the value', (expr) => {
    const plain = structure(query(expr, 'plain', 'loki'), logqlParser);
    expect(plain.nodes).not.toContain('ERROR');
    const at = plain.strings.findIndex((literal) => literal.includes('plain'));
    fc.assert(
      fc.property(
        nasty.filter((value) => value !== '' && !value.includes('\0')),
        (value) => {
          const found = structure(query(expr, value, 'loki'), logqlParser);
          expect(found.nodes).toEqual(plain.nodes);
          expect(unquoteGo(found.strings[at] ?? '')).toBe(
            unquoteGo(plain.strings[at] ?? '').replace('plain', () => wellFormed(value))
          );
        }
      ),
      { numRuns: 300 }
    );
  });
});

/** PostgreSQL's lexer for what matters here, written apart from the code under test: tokens, with string literals decoded. */
function sqlTokens(text: string): string[] {
  const tokens: string[] = [];
  const scan =
    /\s+|(--[^\n]*)|(\/\*)|([eE])'((?:[^'\\]|''|\\[\s\S])*)'|'((?:[^']|'')*)'|"((?:[^"]|"")*)"|[A-Za-z_]\w*|\d+|[\s\S]/y;
  for (let match = scan.exec(text); match; match = scan.exec(text)) {
    const [whole, comment, block, isEscape, escaped, plain, name] = match;
    if (comment !== undefined || block !== undefined) {
      tokens.push('COMMENT');
    } else if (isEscape !== undefined) {
      const decoded = (escaped ?? '')
        .replaceAll("''", "'")
        .replace(/\\(?:u([0-9a-f]{4})|U([0-9a-f]{8})|([\s\S]))/g, (_, hex, long, char: string) =>
          (hex ?? long) === undefined ? char : String.fromCodePoint(parseInt(String(hex ?? long), 16))
        );
      tokens.push(`string:${decoded}`);
    } else if (plain !== undefined) {
      tokens.push(`string:${plain.replaceAll("''", "'")}`);
    } else if (name !== undefined) {
      tokens.push(`name:${name.replaceAll('""', '"')}`);
    } else if (whole.trim() !== '') {
      tokens.push(whole);
    }
  }
  return tokens;
}

describe('SQL', () => {
  it.each([
    ['SELECT {{x}};', (value: string) => ['SELECT', `string:${value}`, ';']],
    ["SELECT '{{x}}', 1", (value: string) => ['SELECT', `string:${value}`, ',', '1']],
    ["SELECT 'a {{x}} b'", (value: string) => ['SELECT', `string:a ${value} b`]],
    ["SELECT E'a {{x}} b'", (value: string) => ['SELECT', `string:a ${value} b`]],
    ['SELECT "a {{x}}" FROM t', (value: string) => ['SELECT', `name:a ${value}`, 'FROM', 't']],
  ])('%s holds one value', (template, expected) => {
    fc.assert(
      fc.property(
        nasty.filter((value) => value !== '' && !value.includes('\0')),
        (value) => {
          const filled = command('sql', template, value);
          if (!filled.complete) {
            expect(filled.missing[0]?.why).toMatch(/backslash|control, bidirectional/);
            return;
          }
          expect(sqlTokens(filled.command).map(wellFormed)).toEqual(expected(wellFormed(value)));
          expect(filled.command).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069]/);
        }
      ),
      { numRuns: 300 }
    );
  });

  it('refuses NUL, and means the same with and without standard_conforming_strings', () => {
    expect(() => quote.sql('a\0')).toThrow(RangeError);
    expect(quote.sql("\\'; DROP TABLE x; --")).toBe("E'\\\\''; DROP TABLE x; --'");
  });

  it('never prints a character that a terminal or a reader would take for something else', () => {
    // A prepared transaction may be named by a role without privileges, and is rolled back by a superuser.
    expect(quote.sql("x'\u0015\n\\! id\u202e\u200b")).toBe("E'x''\\u0015\\u000a\\\\! id\\u202e\\u200b'");
    for (const bad of ['t\u001b[2K', 't\nDROP', 'a\u202eb', 'zero\u200bwidth']) {
      expect(() => quote.sqlIdentifier(bad)).toThrow(RangeError);
      expect(() => quote.sqlRole(bad)).toThrow(RangeError);
      expect(() => quote.shell(bad)).toThrow(RangeError);
      expect(quote.redis(bad)).not.toMatch(HIDDEN);
      expect(quote.sql(bad)).not.toMatch(HIDDEN);
    }
  });

  it('quotes names part by part', () => {
    expect(quote.sqlIdentifier('public.a"."b'.replace('"."', '.'))).toBe('"public"."a"."b"');
    expect(quote.sqlIdentifier('"we""ird".t')).toBe('"we""ird"."t"');
    for (const bad of ['', 'a.', '.a', 'a"b', '"a']) {
      expect(() => quote.sqlIdentifier(bad)).toThrow(RangeError);
    }
  });
});

describe('shell', () => {
  const templates = [
    "printf '%s\\0' {{x}}",
    'printf \'%s\\0\' "{{x}}"',
    "printf '%s\\0' '{{x}}'",
    'printf \'%s\\0\' "$(printf %s {{x}}; printf .)"',
    'printf \'%s\\0\' "$(printf %s "{{x}}"; printf .)"',
  ];

  it('hands a real shell exactly one word, the value', () => {
    const values = fc.sample(
      nasty.filter((value) => value !== '' && !value.includes('\0')),
      { numRuns: 120, seed: 11 }
    );
    const scripts: string[] = [];
    const expected: string[] = [];
    let refused = 0;
    for (const value of [...values, '-rf', '~', '$HOME', '!!', "'", '"', '\\', '*']) {
      for (const [index, template] of templates.entries()) {
        const filled = command('shell', template, value);
        if (filled.complete) {
          scripts.push(filled.command);
          expected.push(wellFormed(value) + (index >= 3 ? '.' : ''));
        } else {
          refused++;
          expect(value).toMatch(HIDDEN);
        }
      }
    }
    const { stdout, stderr, status } = spawnSync('sh', ['-c', scripts.join('\n')], {
      encoding: 'utf8',
      cwd: '/tmp',
      env: { PATH: process.env['PATH'] },
    });
    expect([stderr, status]).toEqual(['', 0]);
    expect(stdout.split('\0').slice(0, -1)).toEqual(expected);
    expect(expected.length).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(0);
  });
});

/** redis-cli's reading of one argument (sdssplitargs), written apart from the code under test. */
function redisArguments(line: string): string[] {
  const found: string[] = [];
  const scan = /\s*(?:"((?:[^"\\]|\\x[0-9a-f]{2}|\\.)*)"(?=\s|$)|([^\s"']+))/gy;
  let end = 0;
  for (let match = scan.exec(line); match; match = scan.exec(line)) {
    end = scan.lastIndex;
    // Escapes are bytes, of which several make one character.
    const inside = (match[1] ?? '').replace(
      /((?:\\x[0-9a-f]{2})+)|\\(.)/g,
      (_, bytes: string | undefined, char: string) =>
        bytes === undefined ? char : Buffer.from(bytes.replaceAll('\\x', ''), 'hex').toString('utf8')
    );
    found.push(match[2] ?? inside);
  }
  return end === line.length ? found : ['UNREAD', line.slice(end)];
}

describe('Redis', () => {
  it.each(['DEL {{x}}', 'DEL "{{x}}"'])('%s names one key', (template) => {
    fc.assert(
      fc.property(
        nasty.filter(
          (value) => value !== '' && !value.includes('\0') && !/[\u2028\u2029\u0085\u00a0\ufeff]/.test(value)
        ),
        (value) => {
          expect(redisArguments(command('redis', template, value).command)).toEqual(['DEL', wellFormed(value)]);
        }
      )
    );
  });
});
