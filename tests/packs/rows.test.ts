/** Which rows of the diagnostics service's answers make a signal present, and which do not. */
import { bind, judge, type CheckResult, type Row } from '@live-runbooks/engine';
import { loadPack } from '@live-runbooks/engine/authoring';
import { describe, expect, it } from 'vitest';

import { readPackFolder } from '../../cli/src/readPacks';

const NOW = 1_700_000_000_000;
const loaded = loadPack(readPackFolder('runbooks').files, 'runbooks/gorax');
if (!loaded.ok) {
  throw new Error(loaded.problems.map(({ message }) => message).join('\n'));
}
const bound = bind(loaded.pack, {});

/** What the signal reads when its check answers with these rows. */
function read(signal: string, table: string, rows: readonly Row[]): string {
  const check: CheckResult = {
    id: 'postgres',
    title: '',
    state: 'warning',
    summary: '',
    value: rows.length,
    unit: 'short',
    threshold: null,
    fields: {},
    rows: { [table]: rows },
    since: null,
    askedAt: NOW,
    tookMs: 1,
  };
  return judge(bound, signal, { kind: 'check', check, askedAt: NOW, tookMs: 1 }, NOW).state;
}

describe('a slow statement', () => {
  const statement = { query: 'SELECT 1', meanMs: 900, callsPerSecond: 0.3, calls: 18 };

  it('is one that runs often', () => {
    expect(read('slow-statement', 'slow', [statement])).toBe('present');
  });

  it('is none after three calls, whatever rate they make of a short window', () => {
    expect(read('slow-statement', 'slow', [{ ...statement, calls: 3 }])).toBe('absent');
  });
});
