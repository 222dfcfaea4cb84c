import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Addition, IncidentEvent } from '../../src/incidents/event';
import { fold, type Incident, incidentOf } from '../../src/incidents/incident';
import { IncidentLog, MAX_BYTES, MAX_EVENTS } from '../../src/incidents/log';
import { PAGE_BYTES } from '../../src/http/page';
import { DamagedRow } from '../../src/store/damagedRow';
import { Losses } from '../../src/store/losses';
import { keptLog, START, temporaryDirectory } from '../recorder/made';

const nobody = { kind: 'unknown', why: 'no-header' } as const;

function madeLog(over: { readonly maxBytes?: number; readonly file?: string } = {}) {
  const file = over.file ?? join(temporaryDirectory(), 'incidents.db');
  let now = START;
  const log = new IncidentLog({ maxBytes: 64_000_000, log: keptLog().log, now: () => (now += 10), ...over, file });
  onTestFinished(() => log.close());
  return { log, file };
}

/** Page by page. */
function eventsOf(log: IncidentLog, id: string): IncidentEvent[] {
  const all: IncidentEvent[] = [];
  for (let after: number | null = 0; after !== null;) {
    const page: ReturnType<IncidentLog['events']> = log.events(id, after);
    all.push(...page.events);
    after = page.next;
  }
  return all;
}

const anyAddition = fc.oneof(
  fc.record({ kind: fc.constant('acknowledge' as const) }),
  fc.record({
    kind: fc.constant('phase' as const),
    phase: fc.constantFrom(
      'investigating' as const,
      'identified' as const,
      'mitigating' as const,
      'monitoring' as const
    ),
  }),
  fc.record({ kind: fc.constant('note' as const), text: fc.string({ minLength: 1, maxLength: 40 }) }),
  fc.record({ kind: fc.constant('resolve' as const) }),
  fc.record({ kind: fc.constant('reopen' as const) })
);

describe('the log', () => {
  it('has everything once and in order, however writers overlap and repeat themselves', async () => {
    const { log } = madeLog();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ incident: fc.nat(2), client: fc.nat(12), again: fc.nat(2), what: anyAddition }), {
          maxLength: 40,
        }),
        async (sent) => {
          run += 1;
          const opened = await Promise.all(
            [0, 1, 2].map((n) =>
              log.create({ clientId: `create-${run}-${n}`, title: `No ${n}`, severity: 'info' }, nobody)
            )
          );
          const ids = opened.map(({ incident }) => incident.id);
          const results = await Promise.allSettled(
            sent.flatMap(({ incident, client, again, what }) => {
              const addition = { ...what, clientId: `client-${run}-${client}` } as Addition;
              return Array.from({ length: 1 + again }, () => log.add(ids[incident] ?? '', addition, nobody));
            })
          );
          const answered = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
          const fresh = answered.filter((written) => written.fresh).map((written) => written.event);
          const kept = ids.flatMap((id) => eventsOf(log, id)).filter((event) => event.kind !== 'create');
          // What was answered as fresh is what is kept, and nothing else is.
          const bySeq = (events: readonly IncidentEvent[]) => [...events].sort((a, b) => a.seq - b.seq);
          expect(bySeq(kept)).toEqual(bySeq(fresh));
          // Answers come in the order of writing, and a repetition is answered with the first.
          expect(fresh.map((event) => event.seq)).toEqual([...fresh.map((event) => event.seq)].sort((a, b) => a - b));
          for (const { event } of answered) {
            expect(kept).toContainEqual(event);
          }
          // Refused is only what used a client's id for something else.
          for (const result of results) {
            if (result.status === 'rejected') {
              expect(result.reason).toMatchObject({ refusal: 'conflict' });
            }
          }
          // The incident is what its events make of it.
          for (const id of ids) {
            expect(log.get(id)).toEqual(incidentOf(eventsOf(log, id)));
          }
        }
      ),
      { numRuns: 40 }
    );
  });

  it('cannot be changed or shortened, not even by a statement of its own', async () => {
    const { log, file } = madeLog();
    await log.create({ clientId: 'create-001', title: 'x', severity: 'info' }, nobody);
    log.close();
    const { DatabaseSync } = await import('@photostructure/sqlite');
    const database = new DatabaseSync(file);
    expect(() => database.exec("UPDATE event SET body = '{}'")).toThrow('never changed');
    expect(() => database.exec('DELETE FROM event')).toThrow('never dropped');
    database.close();
  });

  it('refuses, when it is full, what it cannot keep, and keeps what it has answered', async () => {
    const { log } = madeLog({ maxBytes: 400_000 });
    const { incident } = await log.create({ clientId: 'create-001', title: 'x', severity: 'info' }, nobody);
    let written = 1;
    let refused: unknown;
    while (refused === undefined && written < 1000) {
      try {
        await log.add(incident.id, { clientId: `client-${written}`, kind: 'note', text: 'x'.repeat(9000) }, nobody);
        written += 1;
      } catch (error) {
        refused = error;
      }
    }
    expect(refused).toMatchObject({ failure: { problem: 'full' } });
    expect(eventsOf(log, incident.id)).toHaveLength(written);
    expect(log.get(incident.id)?.events).toBe(written);
  });

  it('ends an incident at its most events, and says so', async () => {
    const { log } = madeLog();
    const { incident } = await log.create({ clientId: 'create-001', title: 'x', severity: 'info' }, nobody);
    const add = (n: number) => log.add(incident.id, { clientId: `client-${n}`, kind: 'note', text: `${n}` }, nobody);
    await Promise.all(Array.from({ length: MAX_EVENTS - 1 }, (_, n) => add(n)));
    await expect(add(MAX_EVENTS)).rejects.toMatchObject({ refusal: 'too-large' });
    // What was written before is still answered.
    expect((await add(5)).fresh).toBe(false);
    // It can be closed, once: a loop that resolves and opens would grow without end.
    const end = (n: number, kind: 'resolve' | 'reopen') =>
      log.add(incident.id, { clientId: `end-00${n}`, kind }, nobody);
    expect((await end(1, 'resolve')).incident.status).toBe('resolved');
    await expect(end(2, 'resolve')).rejects.toMatchObject({ refusal: 'too-large' });
    await expect(end(3, 'reopen')).rejects.toMatchObject({ refusal: 'too-large' });
    expect(log.get(incident.id)).toMatchObject({ status: 'resolved', events: MAX_EVENTS + 1 });
  });

  it('ends an incident at its most bytes, and gives it back in pages that are never large', async () => {
    const { log } = madeLog();
    const { incident } = await log.create({ clientId: 'create-001', title: 'x', severity: 'info' }, nobody);
    const text = 'x'.repeat(9900);
    const sent = await Promise.allSettled(
      Array.from({ length: 1000 }, (_, n) =>
        log.add(incident.id, { clientId: `client-${n}`, kind: 'note', text }, nobody)
      )
    );
    const kept = sent.filter((each) => each.status === 'fulfilled').length;
    expect(kept).toBe(Math.floor((MAX_BYTES - 40) / JSON.stringify({ text }).length));
    expect(sent.at(-1)).toMatchObject({ reason: { refusal: 'too-large' } });
    const resolved = await log.add(incident.id, { clientId: 'end-0001', kind: 'resolve', note: text }, nobody);
    expect(resolved.incident.status).toBe('resolved');
    const first = log.events(incident.id);
    expect(JSON.stringify(first.events).length).toBeLessThan(1.2 * PAGE_BYTES);
    expect(first.next).toBe(first.events.at(-1)?.seq);
    expect(eventsOf(log, incident.id)).toHaveLength(kept + 2);
    expect(log.events(incident.id, 0, 3)).toMatchObject({ events: { length: 3 }, next: 3 });
    // Another incident is not concerned.
    const other = await log.create({ clientId: 'create-002', title: 'y', severity: 'info' }, nobody);
    expect((await log.add(other.incident.id, { clientId: 'other-001', kind: 'note', text }, nobody)).fresh).toBe(true);
  });

  it('lists incidents with long labels in pages that are never large', async () => {
    const { log } = madeLog();
    const labels = Object.fromEntries(Array.from({ length: 64 }, (_, n) => [`label-${n}`, 'x'.repeat(1000)]));
    for (let n = 0; n < 30; n += 1) {
      await log.create(
        { clientId: `create-${n}-01`, title: `No ${n}`, severity: 'info', alert: { name: 'A', labels } },
        nobody
      );
    }
    const titles: string[] = [];
    for (let before: number | undefined | null; before !== null;) {
      const page: ReturnType<IncidentLog['list']> = log.list({ limit: 100, before });
      expect(JSON.stringify(page).length).toBeLessThan(1.2 * PAGE_BYTES);
      titles.push(...page.incidents.map(({ title }) => title));
      before = page.next;
    }
    expect(titles).toEqual(Array.from({ length: 30 }, (_, n) => `No ${29 - n}`));
  });
});

describe('a row that is damaged', () => {
  async function damagedLog(statement: string) {
    const { log, file } = madeLog();
    const { incident } = await log.create({ clientId: 'create-001', title: 'x', severity: 'info' }, nobody);
    await log.add(incident.id, { clientId: 'ack-00001', kind: 'acknowledge' }, nobody);
    const other = await log.create({ clientId: 'create-002', title: 'sound', severity: 'info' }, nobody);
    log.close();
    const { DatabaseSync } = await import('@photostructure/sqlite');
    const database = new DatabaseSync(file);
    database.exec(`DROP TRIGGER event_is_not_changed; ${statement.replaceAll('$id', incident.id)}`);
    database.close();
    const { log: kept, lines } = keptLog();
    const losses = new Losses(kept);
    const again = new IncidentLog({ file, maxBytes: 64_000_000, log: kept, losses });
    onTestFinished(() => again.close());
    return { log: again, id: incident.id, other: other.incident.id, losses, lines };
  }

  it.each(["''", "'{'", "'null'", "'[1,2]'", '\'{"id":"another"}\''])(
    'of an incident (%s) is made again from its events',
    async (state) => {
      const { log, id, losses } = await damagedLog(`UPDATE incident SET state = ${state} WHERE id = '$id'`);
      expect(log.get(id)).toMatchObject({ id, title: 'x', status: 'acknowledged', events: 2 });
      expect(log.list({ limit: 10 }).incidents.map(({ title }) => title)).toEqual(['sound', 'x']);
      expect((await log.add(id, { clientId: 'resolve-01', kind: 'resolve' }, nobody)).incident).toMatchObject({
        status: 'resolved',
        events: 3,
      });
      expect(losses.all()).toEqual([]);
    }
  );

  it('of an event is told as damage, with a line in the log, and fells no other incident', async () => {
    const { log, id, other, losses, lines } = await damagedLog(
      "UPDATE event SET body = '{' WHERE seq = 1; UPDATE incident SET state = '' WHERE id = '$id'"
    );
    expect(() => log.get(id)).toThrow(DamagedRow);
    expect(() => log.events(id)).toThrow(DamagedRow);
    const [refused, written] = await Promise.allSettled([
      log.add(id, { clientId: 'resolve-01', kind: 'resolve' }, nobody),
      log.add(other, { clientId: 'resolve-02', kind: 'resolve' }, nobody),
    ]);
    expect(refused).toMatchObject({ status: 'rejected', reason: expect.any(DamagedRow) as unknown });
    expect(written).toMatchObject({ status: 'fulfilled', value: { fresh: true } });
    expect(log.list({ limit: 10 }).incidents.map(({ title }) => title)).toEqual(['sound']);
    expect(losses.count('incidents', 'rows-damaged')).toBe(4);
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 'error', message: 'an entry of the incidents cannot be read' })
    );
  });
});

describe('fold', () => {
  const anyEvents = fc.array(anyAddition, { maxLength: 30 }).map((list): IncidentEvent[] => [
    {
      seq: 1,
      incident: 'i',
      clientId: 'c0',
      kind: 'create',
      at: 1,
      who: nobody,
      body: { title: 't', severity: 'info' },
    },
    ...list.map(({ kind, ...body }, index): IncidentEvent => ({
      seq: index + 2,
      incident: 'i',
      clientId: `c${index + 1}`,
      kind,
      at: index + 2,
      who: nobody,
      body,
    })),
  ]);

  it('is the same in whatever order events are read, and however often', () => {
    fc.assert(
      fc.property(anyEvents, fc.infiniteStream(fc.nat()), (events, stream) => {
        const shuffled = [...events, ...events.slice(1)]
          .map((event) => ({ event, key: stream.next().value }))
          .sort((a, b) => a.key - b.key)
          .map(({ event }) => event);
        expect(incidentOf(shuffled)).toEqual(incidentOf(events));
      })
    );
  });

  it('is resolved exactly when a resolve came after the last reopen', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const kinds = events.map((event) => event.kind);
        const resolved = kinds.lastIndexOf('resolve') > kinds.lastIndexOf('reopen') && kinds.includes('resolve');
        const incident = events.reduce<Incident | undefined>(fold, undefined);
        expect(incident?.status === 'resolved').toBe(resolved);
        expect(incident?.resolvedAt === null).toBe(!resolved);
        expect(incident?.events).toBe(events.length);
      })
    );
  });
});
