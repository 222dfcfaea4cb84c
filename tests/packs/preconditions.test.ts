/** A fix that its own preconditions refuse in every case of its cause is no fix. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Fix, Pack } from '@live-runbooks/engine';
import { readSituations } from '@live-runbooks/engine/authoring';
import { describe, expect, it } from 'vitest';

import { SHIPPED_PACKS } from './shippedPacks';

/** The fixes whose command does this, by pack and name; there has to be one. */
function ofCommand(deed: RegExp): Array<[string, { fix: Fix; pack: Pack }]> {
  const found = new Map(
    SHIPPED_PACKS.flatMap((pack) =>
      pack.runbooks.flatMap((runbook) =>
        Object.values(runbook.fixes)
          .filter(({ command, kind }) => kind !== 'read' && deed.test(command))
          .map((fix): [string, { fix: Fix; pack: Pack }] => [`${pack.id} ${fix.id}`, { fix, pack }])
      )
    )
  );
  expect(found.size, String(deed)).toBeGreaterThan(0);
  return [...found];
}

/** Every way in which a cause leads, and what each of its fixes that stop the harm would be refused for. */
const cases = SHIPPED_PACKS.flatMap((pack) => {
  return pack.runbooks.flatMap((runbook) => {
    const file = join(import.meta.dirname, 'situations', pack.id, `${runbook.id}.yaml`);
    const tests = [...runbook.tests, ...readSituations(pack, runbook, file, readFileSync(file, 'utf8'))];
    return runbook.causes.flatMap((cause) =>
      cause.fixes.flatMap((id) => {
        const fix = runbook.fixes[id];
        const leads = tests.filter(({ expect: { top } }) => top === cause.id);
        return fix?.kind !== 'mitigate' || leads.length === 0
          ? []
          : [
              {
                cause: `${pack.id} ${cause.identity ?? cause.id}`,
                fix: id,
                refused: leads.map(({ given, rest }) =>
                  fix.when.filter((signal) => (given[signal]?.state ?? rest) === 'absent')
                ),
              },
            ];
      })
    );
  });
});

/** The fixes of a cause, over all runbooks of the pack that it stands in. */
const fixes = [...new Set(cases.map(({ cause, fix }) => `${cause}: ${fix}`))];

describe('the preconditions of a fix', () => {
  it.each(fixes)('hold where its cause leads: %s', (name) => {
    const ways = cases.filter(({ cause, fix }) => `${cause}: ${fix}` === name).flatMap(({ refused }) => refused);
    expect(
      ways.some((refused) => refused.length === 0),
      `refused for ${[...new Set(ways.flat())].join(', ')}`
    ).toBe(true);
  });

  it('of more memory hold after a kill for memory, when the new process is small', () => {
    const ways = cases.filter(({ fix }) => fix === 'raise-memory').flatMap(({ refused }) => refused);
    expect(ways.length).toBeGreaterThan(1);
    expect(ways.flat()).toEqual([]);
  });

  // One view alone may be cut off from a server that works: a wrong address is refused, too.
  it.each(ofCommand(/\bdelete pod\b/))(
    'that stops a server ask two sources whether it is down: %s',
    (_, { fix, pack }) => {
      expect(new Set(fix.when.map((signal) => pack.signals[signal]?.query.source)).size).toBeGreaterThan(1);
      expect(fix.confirm).toBeDefined();
    }
  );

  it.each(ofCommand(/\bVACUUM\b/))('of VACUUM ask whether something keeps the dead rows: %s', (_, { fix }) => {
    expect(fix.unless).toEqual(expect.arrayContaining(['idle-transactions', 'vacuum-held-back']));
  });

  it.each(ofCommand(/\bBGSAVE\b/))('that fork Redis ask whether its memory is full: %s', (_, { fix }) => {
    expect(fix.unless).toContain('redis-memory-full');
  });

  it.each(ofCommand(/\bpg_cancel_backend\b.*long-running-query/s))(
    'that cancel a query ask for maintenance: %s',
    (_, { fix }) => {
      expect(fix.unless).toContain('maintenance-running');
    }
  );
});
