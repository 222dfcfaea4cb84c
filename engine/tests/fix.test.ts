import { describe, expect, it } from 'vitest';

import { bind, fillFix, watchFix, type Fix, type Outcome } from '../src/index';
import { absent, cause, evidence, fix, NOW, outcomes, pack, present, runbook, unknown } from './makePack';

const terminate = fix('terminate', {
  command: 'SELECT pg_terminate_backend({{blocker.pid}});',
  when: ['blocker'],
  reach: 'ends 1 session[[ of {{blocker.application}}]]',
  rollback: 'there is none',
  verify: { signal: 'waiters', becomes: 'absent', within: 60 },
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
    ['shell', 'kubectl -n {{ns}} get pods', "kubectl -n 'it'\\''s' get pods"],
    ['shell', 'kubectl -n "x-{{ns}}" get', `kubectl -n "x-"'it'\\''s'"" get`],
    ['redis', 'DEL {{blocker.q}}', `DEL "a'b\\\\c"`],
    ['promql', 'up{ns={{ns}}}', 'up{ns="it\'s"}'],
    ['text', 'Call {{ns}}', "Call it's"],
  ] as const)('quotes for %s: %s', (language, command, expected) => {
    const rows = [{ q: "a'b\\c", table: 'public.Order lines' }];
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

describe('watching a fix', () => {
  const filled = fill(
    terminate,
    present('blocker', { rows: [{ pid: 1 }] }),
    present('waiters', { value: 14, askedAt: NOW - 1000 })
  );
  const at = (seconds: number, state: 'present' | 'absent' | 'unknown', value?: number): Outcome => ({
    ...(state === 'present'
      ? present('waiters')
      : state === 'absent'
        ? absent('waiters')
        : unknown('waiters', { detail: 'no answer' })),
    ...(value === undefined ? {} : { value }),
    askedAt: NOW + seconds * 1000,
  });
  const watch = (seconds: number, ...history: Outcome[]) => watchFix(filled, history, NOW, NOW + seconds * 1000);

  it('worked when the signal becomes what was wished', () => {
    expect(watch(45, at(10, 'present', 9), at(40, 'absent', 0))).toEqual({
      state: 'worked',
      says: 'Signal waiters: 14 → 0 in 40 s: it worked.',
      tookMs: 40_000,
    });
  });

  it('counts from where the wished state has held, and a relapse is no success', () => {
    expect(watch(50, at(10, 'absent', 0), at(20, 'present', 5), at(30, 'absent', 0), at(40, 'absent', 0)).tookMs).toBe(
      30_000
    );
    expect(watch(50, at(10, 'absent', 0), at(20, 'present', 5)).state).toBe('waiting');
  });

  it('waits until its time is over, then says that nothing changed and to undo it', () => {
    expect(watch(20, at(10, 'present', 14))).toMatchObject({ state: 'waiting', leftMs: 40_000 });
    expect(watch(61, at(10, 'present', 14), at(60, 'present', 15))).toMatchObject({
      state: 'no-change',
      says: 'Signal waiters: 14 → 15: not absent after 1 min 1 s. Undo it: there is none. Try the next cause.',
    });
  });

  it('is unknown, not worked, when the signal cannot be seen or was so before', () => {
    expect(watch(61, at(10, 'unknown'))).toMatchObject({
      state: 'unknown',
      says: expect.stringContaining('no answer') as string,
    });
    expect(watch(61).state).toBe('unknown');
    expect(watch(20, at(-5, 'absent'), at(10, 'absent')).state).toBe('unknown');
    expect(watchFix({ ...filled, verify: undefined } as unknown as typeof filled, [], NOW, NOW).state).toBe('unknown');
  });
});

it('refuses a fix that the runbook does not have', () => {
  expect(() => fillFix(bind(pack([]), {}), 'r', 'nope', new Map())).toThrow('no fix nope');
});
