import { describe, expect, it } from 'vitest';

import { bind, fillFix, type Fix, type Outcome } from '../src/index';
import { absent, cause, evidence, fix, outcomes, pack, present, runbook, signal, unknown } from './makePack';

const terminate = fix('terminate', {
  command: 'SELECT pg_terminate_backend({{blocker.pid}});',
  when: ['blocker'],
  reach: 'ends 1 session[[ of {{blocker.application}}]]',
  rollback: 'there is none',
  verify: {
    signal: 'waiters',
    becomes: 'absent',
    within: 60,
    hold: 30,
    says: 'no session waits for more than {{threshold}}',
  },
});

function fill(one: Fix, ...list: Outcome[]) {
  const made = pack(
    [runbook('r', ['waiters'], [cause('a', [evidence('blocker', 'decisive')])], { fixes: { [one.id]: one } })],
    [],
    {
      ns: { title: 'Namespace', kind: 'value', default: "it's", required: false },
      empty: { title: 'Empty', kind: 'value', required: true },
    }
  );
  return fillFix(bind(made, {}), 'r', one.id, outcomes(...list));
}

describe('filling a fix', () => {
  it('puts live facts into the command, and says what must hold and what it reaches', () => {
    expect(
      fill(
        terminate,
        present('blocker', { rows: [{ pid: 4711, application: 'worker-2' }] }),
        present('waiters', { value: 14 })
      )
    ).toMatchObject({
      command: 'SELECT pg_terminate_backend(4711);',
      complete: true,
      ready: true,
      missing: [],
      reach: 'ends 1 session of worker-2',
      preconditions: [{ signal: 'blocker', state: 'present' }],
      verify: { signal: 'waiters', before: { value: 14 } },
    });
  });

  it('is not ready while a precondition is absent or unknown, and says what is missing', () => {
    expect(fill(terminate, absent('blocker'))).toMatchObject({
      command: 'SELECT pg_terminate_backend(‹blocker.pid›);',
      complete: false,
      ready: false,
      reach: 'ends 1 session',
      missing: [{ placeholder: 'blocker.pid', why: 'blocker.pid has no value now' }],
    });
    expect(fill(terminate, unknown('blocker', { detail: 'timed out' })).missing).toEqual([
      { placeholder: 'blocker.pid', why: 'blocker is unknown (timed out)' },
    ]);
    expect(fill(fix('f', { language: 'shell', command: 'echo {{empty}}' })).missing[0]?.why).toContain('has no value');
  });

  it.each([
    ['sql', 'SELECT {{blocker.q}}', `SELECT E'a''b\\\\c'`],
    ['sql', "SELECT '{{blocker.q}}'", `SELECT E'a''b\\\\c'`],
    ['sql', 'ANALYZE {{blocker.table | ident}}', 'ANALYZE "public"."Order lines"'],
    ['sql', 'ALTER ROLE {{blocker.role | role}} RESET ALL', 'ALTER ROLE "shop.""app" RESET ALL'],
    ['shell', 'kubectl -n {{ns}} get pods', "kubectl -n 'it'\\''s' get pods"],
    ['shell', 'kubectl -n "x-{{ns}}" get', `kubectl -n "x-"'it'\\''s'"" get`],
    ['redis', 'DEL {{blocker.q}}', `DEL "a'b\\\\c"`],
    ['promql', 'up{ns={{ns}}}', 'up{ns="it\'s"}'],
    ['text', 'Call {{ns}}', "Call it's"],
  ] as const)('quotes for %s: %s', (language, command, expected) => {
    const rows = [{ q: "a'b\\c", table: 'public.Order lines', role: 'shop."app' }];
    expect(fill(fix('f', { language, command }), present('blocker', { rows })).command).toBe(expected);
  });

  it.each([
    ['shell', 'echo `{{ns}}`'],
    ['shell', 'cat <<EOF\n{{ns}}\nEOF'],
    ['shell', 'echo ${x:-{{ns}}}'],
    ['shell', 'true # {{ns}}'],
    ['sql', 'SELECT 1 -- {{ns}}'],
    ['sql', 'SELECT $$ {{ns}} $$'],
    ['sql', 'SELECT 1 /* {{ns}} */'],
    ['promql', 'up{a=`{{ns}}`}'],
  ] as const)('refuses to fill %s: %s', (language, command) => {
    expect(fill(fix('f', { language, command }))).toMatchObject({
      complete: false,
      missing: [{ placeholder: 'ns', why: expect.stringContaining('no value can be quoted') as string }],
    });
  });
});

describe('a fix with inputs', () => {
  const scale = fix('scale', {
    language: 'shell',
    command: 'kubectl scale deployment/api -n {{ns}} --replicas={{replicas}}',
    inputs: { replicas: { title: 'Replicas', kind: 'integer', default: '5' } },
    changes: { from: 'blocker', to: 'replicas', must: 'rise' },
    reach: 'starts pods up to {{replicas}}',
  });
  const index = fix('index', {
    command: 'CREATE INDEX CONCURRENTLY ON t ({{columns}});',
    inputs: { columns: { title: 'Columns', kind: 'columns' } },
  });
  function fillTyped(one: Fix, typed: Record<string, string>, ...list: Outcome[]) {
    const made = pack(
      [runbook('r', ['waiters'], [cause('a', [evidence('blocker', 'decisive')])], { fixes: { [one.id]: one } })],
      [],
      {
        ns: { title: 'Namespace', kind: 'value', default: 'shop', required: false },
      }
    );
    return fillFix(bind(made, {}), 'r', one.id, outcomes(...list), typed);
  }

  it('knows the present value, and shows it beside the new one', () => {
    expect(fillTyped(scale, {}, present('blocker', { value: 2 }))).toMatchObject({
      command: 'kubectl scale deployment/api -n shop --replicas=5',
      complete: true,
      change: { says: 'Replicas: 2 → 5' },
      reach: 'starts pods up to 5',
    });
  });

  it('refuses a target that is no rise, and takes a better one from the person', () => {
    const twelve = present('blocker', { value: 12 });
    expect(fillTyped(scale, {}, twelve)).toMatchObject({
      complete: false,
      ready: false,
      change: { says: 'Replicas: 12 → 5', refused: '5 is not more than the present 12; choose more' },
    });
    expect(fillTyped(scale, { replicas: '12' }, twelve).complete).toBe(false);
    expect(fillTyped(scale, { replicas: '15' }, twelve).complete).toBe(true);
  });

  it('counts an absent signal with its value, and is not ready without a present value', () => {
    expect(fillTyped(scale, {}, absent('blocker', { value: 0 })).change?.says).toBe('Replicas: 0 → 5');
    expect(fillTyped(scale, {}, unknown('blocker', { detail: 'timed out' }))).toMatchObject({
      complete: false,
      change: { refused: 'The present value is not known: "Signal blocker" could not be checked (timed out)' },
    });
  });

  it.each([
    ['kubernetes-memory', '1Gi', 2 ** 30 - 1, true],
    ['kubernetes-memory', '1Gi', 2 ** 31, false],
    ['kubernetes-memory', '1gb', 1, false],
    ['kubernetes-cpu', '750m', 0.5, true],
    ['kubernetes-cpu', '500m', 0.5, false],
    ['kubernetes-cpu', '1.5', 1, true],
    ['kubernetes-cpu', '1.5m', 0, false],
    ['kubernetes-cpu', '1Gi', 0, false],
    ['kubernetes-cpu', '1,5', 0, false],
    ['redis-memory', '2gb', 2 ** 31 - 1, true],
    ['redis-memory', '2gb', 2 ** 32, false],
    ['integer', '-3', -5, false],
    ['integer', '$(id)', 0, false],
  ] as const)('compares %s: %s with %d', (kind, value, now, complete) => {
    const sized = { ...scale, inputs: { replicas: { title: 'Size', kind } } };
    expect(fillTyped(sized, { replicas: value }, present('blocker', { value: now })).complete).toBe(complete);
  });

  it('must fall, where less is wanted', () => {
    const cap = { ...scale, changes: { from: 'blocker', to: 'replicas', must: 'fall' } } as const;
    expect(fillTyped(cap, {}, present('blocker', { value: 4 })).change?.refused).toContain(
      'not less than the present 4'
    );
    expect(fillTyped(cap, {}, present('blocker', { value: 40 })).complete).toBe(true);
  });

  it('is not complete until every input is filled and valid, and quotes what was typed', () => {
    expect(fillTyped(index, {})).toMatchObject({
      complete: false,
      command: 'CREATE INDEX CONCURRENTLY ON t (‹columns›);',
      missing: [{ placeholder: 'columns', why: 'fill in names of columns, like tenant_id, created_at DESC' }],
      inputs: [{ name: 'columns', value: '', problem: expect.any(String) as string }],
    });
    expect(fillTyped(index, { columns: 'a); DROP TABLE t; --' }).complete).toBe(false);
    expect(fillTyped(index, { columns: 'Tenant_id, "createdAt" desc nulls last' }).command).toBe(
      'CREATE INDEX CONCURRENTLY ON t ("tenant_id", "createdAt" DESC NULLS LAST);'
    );
  });
});

describe('where and when a fix applies', () => {
  it('says where SQL runs, what has to be absent, and what becomes true', () => {
    const one = fix('f', {
      on: { host: '{{ns}}', port: '5432', database: '{{blocker.db}}', role: 'a superuser' },
      note: 'not in a transaction block',
      unless: ['waiters'],
      verify: { signal: 'waiters', becomes: 'absent', within: 60, hold: 30, says: 'at most {{threshold}} wait' },
    });
    const filled = fill(one, present('blocker', { rows: [{ db: 'shop' }] }), present('waiters', { value: 3 }));
    expect(filled).toMatchObject({
      where: "it's:5432, database shop, as a superuser",
      note: 'not in a transaction block',
      ready: false,
      preconditions: [{ signal: 'waiters', wanted: 'absent', state: 'present' }],
      verify: { says: 'at most 0 wait' },
    });
  });

  it('gives a configured window the time to run out', () => {
    const one = fix('f', {
      takes: 60,
      verify: { signal: 'errors', becomes: 'absent', within: 400, hold: 30, says: 'fewer errors' },
    });
    const made = pack(
      [runbook('r', ['errors'], [], { fixes: { f: one } })],
      [signal('errors', { query: { source: 'prometheus', expr: 'max_over_time(rate(x[{{window}}])[10m:])' } })],
      { window: { title: 'Window', kind: 'duration', default: '5m', required: true } }
    );
    const within = (window: string) =>
      fillFix(bind(made, { configured: { window } }), 'r', 'f', new Map()).verify?.within;
    expect([within('1m'), within('5m'), within('30m')]).toEqual([60 + 660, 60 + 900, 60 + 2400]);
  });

  it('shows hidden characters of facts escaped', () => {
    const filled = fill(terminate, present('blocker', { rows: [{ pid: 1, application: 'a\u202eb\u001b[2K' }] }));
    expect(filled.reach).toBe('ends 1 session of a\\u202eb\\u001b[2K');
  });
});

it('refuses a fix that the runbook does not have', () => {
  expect(() => fillFix(bind(pack([]), {}), 'r', 'nope', new Map())).toThrow('no fix nope');
});
