/**
 * The product's promise: each fault of the estate is named, with live facts, and on no look from before the injection to
 * the recovery is anything else called likely.
 */
import { expect } from '@playwright/test';
import { isCause } from '../looks/look';
import { estate } from './estate';
import { test as base } from './estateTest';
import { type FaultState, clearFaults, injectFault, listFaults } from './faults';
import { LIVE_FACTS } from './liveFacts';
import {
  type PageLook,
  type SecondReader,
  notePageLooks,
  recordOutcomes,
  saveLooks,
  startSecondReader,
  wrongLooks,
} from './looksTaken';
import { type MatrixRow, noteRow } from './matrixTable';
import { type TriageReading, nothingSuspected } from './pages/TriagePage';
import { WAIT_MS, askedInTurn } from './polling';

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

/** Looks at a healthy estate: enough that every check of the service was asked anew. */
const QUIET_LOOKS = 8;

const test = base.extend<object, { readonly secondReader: SecondReader }>({
  secondReader: [
    async ({}, use) => {
      const { urls } = await estate();
      const reader = startSecondReader(process.env.ESTATE_WORKBENCH_URL ?? '', urls.diagnostics);
      await use(reader);
      reader.stop();
    },
    { scope: 'worker' },
  ],
});

const rankOf = (reading: TriageReading, wanted: string) =>
  reading.suspects.findIndex((causes) => isCause(causes, wanted)) + 1;
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

test.skip(!process.env.ESTATE_CONTROL_URL, 'faults are injected into the demo estate only');
// On whichever estate is free.
test.describe.configure({ mode: 'parallel' });

test('the estate has exactly the faults that this matrix proves', async () => {
  expect((await listFaults()).map(({ name }) => name).sort()).toEqual([...FAULTS].sort());
});

test('a healthy estate gives no suspect', async ({ triage, secondReader }) => {
  test.setTimeout(4 * WAIT_MS);
  await clearFaults();
  await triage.goto({ refresh: '2' });
  await askedInTurn('a healthy estate', WAIT_MS, () => triage.read(), nothingSuspected);
  const since = Date.now();
  const taken = () => Promise.resolve(secondReader.since(since));
  const looks = await askedInTurn('looks at it', WAIT_MS, taken, ({ length }) => length >= QUIET_LOOKS);
  await recordOutcomes('healthy', secondReader);
  // Where the machine has no time for the service, what is slow is no symptom of the estate; likely is wrong even then.
  const calm = looks.filter(({ look }) => !look.starved);
  expect(calm.flatMap(({ look }) => look.suspects)).toEqual([]);
  expect(
    wrongLooks(
      secondReader.since(since).map(({ look }) => look),
      [],
      since
    )
  ).toEqual([]);
});

for (const name of FAULTS) {
  test(`${name}: the right cause is first, with live facts, and nothing else is ever likely`, async ({
    page,
    triage,
    secondReader,
  }) => {
    test.setTimeout(5 * WAIT_MS);
    const begun = Date.now();
    const fault = (await listFaults()).find((each) => each.name === name) as FaultState;
    const wanted = `${fault.expect.pack}/${fault.expect.runbook}/${fault.expect.cause}`;
    const row: Record<keyof MatrixRow, string> = {
      ...{ fault: name, first: '', rank: '', found: 'never', cleared: 'never', looks: '0', wrong: '–', starved: '0' },
    };
    noteRow(row);
    const pageLooks: PageLook[] = [];
    await notePageLooks(page, (look) => pageLooks.push(look));
    await triage.goto({ refresh: '2' });
    await askedInTurn('a healthy estate before the fault', WAIT_MS, () => triage.read(), nothingSuspected);

    const injected = Date.now();
    await injectFault(name);
    try {
      const note = (reading: TriageReading) => {
        row.first = reading.suspects[0]?.find((cause) => cause === wanted) ?? reading.suspects[0]?.[0] ?? 'none';
        row.rank = String(rankOf(reading, wanted) || '–');
        return rankOf(reading, wanted) === 1;
      };
      await askedInTurn(`${wanted} in first place`, WAIT_MS, () => triage.read(), note);
      row.found = seconds(Date.now() - injected);
      noteRow(row);

      const facts = await LIVE_FACTS[name]?.();
      expect(facts?.length ?? 0, 'facts to look for').toBeGreaterThan(0);
      for (const fact of facts ?? []) {
        const named = (reading: TriageReading) =>
          note(reading) && (typeof fact === 'string' ? reading.sentence.includes(fact) : fact.test(reading.sentence));
        await askedInTurn(`a sentence that names ${fact}`, WAIT_MS, () => triage.read(), named);
      }
      await askedInTurn(
        `${wanted} as likely`,
        WAIT_MS,
        () => triage.read(),
        (reading) => note(reading) && reading.word === 'Likely'
      );
      await recordOutcomes(name, secondReader);
    } finally {
      await clearFaults();
      noteRow(row);
    }
    const cleared = Date.now();
    await askedInTurn('nothing wrong found after it was cleared', WAIT_MS, () => triage.read(), nothingSuspected);
    row.cleared = seconds(Date.now() - cleared);

    const seen = secondReader.since(begun);
    const looks = [...pageLooks, ...seen.map(({ look }) => look)];
    const before = looks.filter(({ at }) => at < injected);
    const during = looks.filter(({ at }) => at >= injected);
    const allowed = [wanted, ...fault.alsoTrue.map(({ cause }) => cause)];
    const wrong = [...wrongLooks(before, [], injected), ...wrongLooks(during, allowed, injected)];
    row.looks = String(looks.length);
    row.wrong = String(wrong.length);
    row.starved = String(seen.filter(({ look }) => look.starved).length);
    noteRow(row);
    const saved =
      wrong.length > 0
        ? saveLooks(name, { fault: name, wanted, allowed, injected, cleared, wrong, pageLooks, seen })
        : '';
    expect(wrong, `what each look saw is in ${saved}`).toEqual([]);
  });
}
