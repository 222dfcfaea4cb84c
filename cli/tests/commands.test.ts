import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { compile } from '../src/commands/compile';
import { lint } from '../src/commands/lint';
import { test as runTests } from '../src/commands/test';
import { parseLogql } from '../src/logql';
import { parsePromql } from '../src/promql';

const FILES = {
  'demo/pack.yaml': 'id: demo\ntitle: Demo\ndescription: d\nparams:\n  w: { title: w, kind: duration, default: 5m }\n',
  'demo/signals/all.yaml':
    'busy: { title: Busy, prometheus: "rate(x[{{w}}])", test: { above: 1 } }\nodd: { title: Odd, manual: "Is it odd?" }\n',
  'demo/load.yaml': `id: load
title: Load
summary: s
area: a
service: demo
severity: info
symptoms: [busy]
causes:
  high:
    title: High
    says: "{{busy}} too much"
    evidence: [{ signal: odd, present: decisive, absent: -strong }]
    fixes: [look]
fixes:
  look: { title: Look, kind: read, risk: safe, promql: "x", reach: nothing }
tests:
  - { name: high, given: { busy: { present: 3 }, odd: present }, expect: { top: high, says: "3 too much" } }
  - { name: healthy, expect: { top: none } }
  - { name: blind, rest: unknown, expect: { top: none } }
`,
};

const KIND = {
  'kinds/worker/kind.yaml': `id: worker
title: Worker
description: Any worker
identity: { scope: workers, labels: [job] }
params: { workers: { title: Series, kind: selector, required: false } }
dialects: { plain: { title: Plain, discover: 'group by ({{by}}) (up)', name: '{{job}}' } }
`,
  'kinds/worker/signals/all.yaml':
    'down: { title: Down, prometheus: "sum by ({{workers | labels}}) (up{ {{workers}} })", test: { below: 1 } }\nstopped: { title: Stopped, manual: "Did anybody stop it?" }\n',
  'kinds/worker/down.yaml': FILES['demo/load.yaml']
    .replaceAll('load', 'down')
    .replaceAll('busy', 'down')
    .replaceAll('odd', 'stopped')
    .replaceAll('present: 3', 'present: 0')
    .replaceAll('3 too much', '0 too much'),
};

let folder = '';
let lines: string[] = [];
const print = (line: string) => void lines.push(line);
const write = (changes: Partial<Record<keyof (typeof FILES & typeof KIND), string>> = {}) => {
  for (const [file, text] of Object.entries({ ...FILES, ...changes })) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'live-runbooks-cli-'));
  lines = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('lint', () => {
  it('is content with a sound pack, given by its folder or by its parent', () => {
    write();
    expect([lint(folder, print), lines]).toEqual([0, ['1 packs, 0 errors, 0 warnings']]);
    expect(lint(join(folder, 'demo'), print)).toBe(0);
  });

  it('looks at the kinds beside the packs', () => {
    write(KIND);
    expect([lint(folder, print), lines]).toEqual([0, ['1 packs, 1 kinds, 0 errors, 0 warnings']]);
    write({
      ...KIND,
      'kinds/worker/kind.yaml': KIND['kinds/worker/kind.yaml'].replace('scope: workers', 'scope: others'),
    });
    expect(lint(folder, print)).toBe(1);
    expect(lines.join('\n')).toMatch(
      /kind\.yaml:4:\d+: error: the scope `others` has to be a parameter of the kind selector/
    );
  });

  it('tells a pack alone what is wrong in a kind that it uses', () => {
    const used = KIND['kinds/worker/signals/all.yaml'].replace('test: { below: 1 }', 'test: { belo: 1 }');
    write({
      ...KIND,
      'kinds/worker/signals/all.yaml': used,
      'demo/pack.yaml': `${FILES['demo/pack.yaml']}uses: [worker]\n`,
    });
    expect(lint(join(folder, 'demo'), print)).toBe(1);
    expect(lines.join('\n')).toContain('kinds/worker/signals/all.yaml:1');
  });

  it('names file, line and column of PromQL that is none, and fails', () => {
    write({ 'demo/signals/all.yaml': FILES['demo/signals/all.yaml'].replace('rate(x[', 'rate(x)[') });
    expect(lint(folder, print)).toBe(1);
    expect(lines[0]).toMatch(/demo\/signals\/all\.yaml:1:\d+: error: this is no PromQL: .* \[promql\]/);
  });

  it('says of each broken rule once why it is there and how it is mended', () => {
    write({ 'demo/signals/all.yaml': FILES['demo/signals/all.yaml'].replaceAll('rate(x[', 'rate(x)[') });
    lint(folder, print);
    expect(lines.filter((line) => line.startsWith('[promql] '))).toEqual([
      expect.stringMatching(/^\[promql\] Prometheus refuses the query.* Mend: Correct the expression/),
    ]);
    expect(lines.at(-1)).toMatch(/^1 packs, \d+ errors/);
  });

  it('names file, line and column of LogQL that is none, and fails', () => {
    const logs = 'odd: { title: Odd, loki: LOGQL, test: { above: 0 } }';
    const withLogs = (expr: string) =>
      FILES['demo/signals/all.yaml'].replace(/odd:.*/, logs.replace('LOGQL', JSON.stringify(expr)));
    write({ 'demo/signals/all.yaml': withLogs('sum(count_over_time({app="{{w}}"} |= "panic" [{{w}}]))') });
    expect(lint(folder, print), lines.join()).toBe(0);
    write({ 'demo/signals/all.yaml': withLogs('sum(count_over_time({app="x"} |= panic [{{w}}]))') });
    expect(lint(folder, print)).toBe(1);
    expect(lines[1]).toMatch(/demo\/signals\/all\.yaml:2:\d+: error: this is no LogQL: .* near `.*` \[logql\]/);
  });

  it('says what to do without a pack', () => {
    expect(() => lint(folder, print)).toThrow('a pack is a folder with a pack.yaml');
    expect(() => lint(join(folder, 'nope'), print)).toThrow('is no folder');
  });
});

describe('test', () => {
  it('counts what passed', () => {
    write();
    expect([runTests(folder, print), lines]).toEqual([0, ['3 passed, 0 failed']]);
  });

  it('shows a failure with its place and the evidence that decided', () => {
    write({ 'demo/load.yaml': FILES['demo/load.yaml'].replace('odd: present }', 'odd: absent }') });
    expect(runTests(folder, print)).toBe(1);
    const text = lines.join('\n');
    expect(text).toMatch(/demo\/load\.yaml:17: demo\/load: high\n {2}expected high to lead, but nothing leads/);
    expect(text).toMatch(/-10 {2}odd absent/);
    expect(lines.at(-1)).toBe('2 passed, 1 failed');
  });

  it('fails without any test, and on a pack that does not load', () => {
    write({ 'demo/load.yaml': FILES['demo/load.yaml'].replace(/tests:[\s\S]*/, '') });
    expect([runTests(folder, print), lines]).toEqual([1, ['0 passed, 0 failed']]);
    write({ 'demo/load.yaml': 'id: load\n' });
    expect(runTests(folder, print)).toBe(1);
  });
});

describe('compile', () => {
  it('writes one file a pack, the same each time', () => {
    write();
    const out = join(folder, 'out');
    expect(compile(folder, out, print)).toBe(0);
    const first = readFileSync(join(out, 'demo.json'), 'utf8');
    expect(JSON.parse(first)).toMatchObject({ id: 'demo', format: 1, runbooks: [{ id: 'load' }] });
    compile(folder, out, print);
    expect(readFileSync(join(out, 'demo.json'), 'utf8')).toBe(first);
  });

  it('writes all kinds to one file, which is not there without a kind', () => {
    write();
    const out = join(folder, 'out');
    expect(compile(folder, out, print)).toBe(0);
    expect(() => readFileSync(join(out, 'kinds.json'))).toThrow('ENOENT');
    write(KIND);
    expect(compile(folder, out, print, { withoutTests: true })).toBe(0);
    expect(JSON.parse(readFileSync(join(out, 'kinds.json'), 'utf8'))).toMatchObject([
      {
        id: 'worker',
        identity: { scope: 'workers', labels: ['job'], optional: [] },
        signals: ['down', 'stopped'],
        pack: { params: { workers: { identity: ['job'] } }, runbooks: [{ id: 'down', tests: [] }] },
      },
    ]);
  });

  it('leaves the tests of the runbooks out where nobody runs them', () => {
    write();
    const compiled = (withoutTests: boolean) => {
      const out = join(folder, `out-${withoutTests}`);
      expect(compile(folder, out, print, { withoutTests })).toBe(0);
      return JSON.parse(readFileSync(join(out, 'demo.json'), 'utf8'));
    };
    const [whole, lean] = [compiled(false), compiled(true)];
    expect(whole.runbooks[0].tests).not.toEqual([]);
    expect(lean).toEqual({ ...whole, runbooks: whole.runbooks.map((r: object) => ({ ...r, tests: [] })) });
  });

  it('writes nothing when a pack has a problem', () => {
    write({ 'demo/load.yaml': 'id: load\n' });
    expect(compile(folder, join(folder, 'out'), print)).toBe(1);
    expect(() => readFileSync(join(folder, 'out', 'demo.json'))).toThrow('ENOENT');
  });
});

describe('PromQL', () => {
  it.each(['sum(rate(x{a="b"}[5m])) by (c) > 0', 'a or on () vector(0)', '1 - x'])('accepts %s', (expr) =>
    expect(parsePromql(expr)).toBeUndefined()
  );
  it.each(['sum(rate(x[5m])', 'rate(x[5m]) by (c)', 'x{a=b}', ''])('refuses %s', (expr) =>
    expect(parsePromql(expr)).toBeDefined()
  );
});

describe('LogQL', () => {
  it.each([
    'sum by (app) (count_over_time({app="a"} |= "x" | json | line_format "{{.msg}}" [5m])) > 0',
    '{app=~"a.*"} != `b`',
    'rate({app="a"} | logfmt | duration > 1s [1m])',
  ])('accepts %s', (expr) => expect(parseLogql(expr)).toBeUndefined());
  it.each(['count_over_time({app="a"}[5m]', '{app=a}', '{app="a"} |= b', 'sum(', ''])('refuses %s', (expr) =>
    expect(parseLogql(expr)).toBeDefined()
  );
});

it('finds the packs of this repository sound', () => {
  const runbooks = resolve(import.meta.dirname, '../../runbooks');
  expect(lint(runbooks, print), lines.join('\n')).toBe(0);
  expect(runTests(runbooks, print), lines.join('\n')).toBe(0);
});
