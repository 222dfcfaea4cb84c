import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { askedInTurn } from './polling';
import { type FaultState, clearFaults, injectFault, listFaults } from './faults';
import { LIVE_FACTS } from './liveFacts';
import { TriagePage, type TriageReading } from './pages/TriagePage';

/** From the injection to the right cause in first place. */
const FOUND_WITHIN_MS = 45_000;
/** From the clearing to a Triage that suspects nothing. Queues drain and rate windows run out meanwhile. */
const HEALTHY_WITHIN_MS = 90_000;
/** How long a healthy estate is watched for a false alarm. */
const QUIET_MS = 12_000;

const FAULTS = [
  'idle-in-transaction',
  'queued-ddl',
  'connection-leak',
  'max-connections',
  'missing-index',
  'redis-oom',
  'redis-gone',
  'workers-stopped',
  'bad-deploy',
  'postgres-stopped',
] as const;

interface Row {
  readonly fault: string;
  readonly first: string;
  readonly rank: string;
  readonly found: string;
  readonly cleared: string;
}

/** In a file, because a test that fails ends the process that knows the rows before it. */
const TABLE = path.resolve(__dirname, '../../.cache/reports/fault-matrix.json');
const rowsSoFar = (): Row[] => (existsSync(TABLE) ? (JSON.parse(readFileSync(TABLE, 'utf8')) as Row[]) : []);

function noteRow(row: Row): void {
  mkdirSync(path.dirname(TABLE), { recursive: true });
  const rows = [...rowsSoFar().filter(({ fault }) => fault !== row.fault), row];
  writeFileSync(TABLE, `${JSON.stringify(rows, null, 2)}\n`);
}

const nothingSuspected = ({ word, suspects }: TriageReading) => suspects.length === 0 && /^nothing wrong/i.test(word);
const rankOf = (reading: TriageReading, wanted: string) =>
  reading.suspects.findIndex((causes) => causes.includes(wanted)) + 1;
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

test.skip(!process.env.ESTATE_CONTROL_URL, 'faults are injected into the demo estate only');
test.describe.configure({ mode: 'default' });

test('the estate has exactly the faults that this matrix proves', async () => {
  rmSync(TABLE, { force: true });
  expect((await listFaults()).map(({ name }) => name).sort()).toEqual([...FAULTS].sort());
});

test('a healthy estate gives no suspect', async ({ page }) => {
  test.setTimeout(180_000);
  const triage = new TriagePage(page);
  await triage.goto({ refresh: '2' });
  await askedInTurn('a healthy estate', HEALTHY_WITHIN_MS, () => triage.read(), nothingSuspected);
  const seen: TriageReading[] = [];
  const end = Date.now() + QUIET_MS;
  while (Date.now() < end) {
    seen.push(await triage.read());
    await page.waitForTimeout(500);
  }
  expect(seen.flatMap(({ suspects }) => suspects)).toEqual([]);
});

for (const name of FAULTS) {
  test(`${name}: the right cause is first, with live facts, and goes when the fault is cleared`, async ({ page }) => {
    test.setTimeout(FOUND_WITHIN_MS + 2 * HEALTHY_WITHIN_MS + 30_000);
    const fault = (await listFaults()).find((each) => each.name === name) as FaultState;
    const wanted = `${fault.expect.pack}/${fault.expect.runbook}/${fault.expect.cause}`;
    const triage = new TriagePage(page);
    const row: Record<keyof Row, string> = { fault: name, first: '', rank: '', found: 'never', cleared: 'never' };
    noteRow(row);

    await triage.goto({ refresh: '2' });
    await askedInTurn('a healthy estate before the fault', HEALTHY_WITHIN_MS, () => triage.read(), nothingSuspected);

    const injected = Date.now();
    await injectFault(name);
    try {
      const note = (reading: TriageReading) => {
        row.first = reading.suspects[0]?.find((cause) => cause === wanted) ?? reading.suspects[0]?.[0] ?? 'none';
        row.rank = String(rankOf(reading, wanted) || '–');
        return rankOf(reading, wanted) === 1;
      };
      const left = () => FOUND_WITHIN_MS - (Date.now() - injected);
      await askedInTurn(`${wanted} in first place`, left(), () => triage.read(), note);
      row.found = seconds(Date.now() - injected);
      noteRow(row);

      const facts = await LIVE_FACTS[name]?.();
      expect(facts?.length ?? 0, 'facts to look for').toBeGreaterThan(0);
      for (const fact of facts ?? []) {
        const named = (reading: TriageReading) =>
          note(reading) && (typeof fact === 'string' ? reading.sentence.includes(fact) : fact.test(reading.sentence));
        await askedInTurn(`a sentence that names ${fact}`, Math.max(left(), 10_000), () => triage.read(), named);
      }
    } finally {
      await clearFaults();
      noteRow(row);
    }
    const cleared = Date.now();
    await askedInTurn(
      'nothing wrong found after the fault was cleared',
      HEALTHY_WITHIN_MS,
      () => triage.read(),
      nothingSuspected
    );
    row.cleared = seconds(Date.now() - cleared);
    noteRow(row);
  });
}

test.afterAll(() => {
  const header: Row = { fault: 'fault', first: 'first suspect', rank: 'rank', found: 'found', cleared: 'cleared' };
  const rows = [header, ...rowsSoFar()];
  const keys = Object.keys(header) as Array<keyof Row>;
  const width = (key: keyof Row) => Math.max(...rows.map((row) => row[key].length));
  console.log(`\n${rows.map((row) => keys.map((key) => row[key].padEnd(width(key))).join('  ')).join('\n')}\n`);
});
