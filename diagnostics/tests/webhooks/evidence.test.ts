import { describe, expect, it } from 'vitest';
import { type Evidence, EVIDENCE_MS, EvidenceShelf, type Occurrence } from '../../src/recorder/evidence';
import { EvidenceCollector, type Received } from '../../src/webhooks/evidence';
import { readNotices } from '../../src/webhooks/notice';
import { keepingService, post } from '../recorder/kept';
import { HOUR, madeRecorder, madeRound, maintainAll, MINUTE, START } from '../recorder/made';
import { ask, holds } from '../rig/client';
import { TOKEN } from '../rig/secrets';
import { alertmanager, grafana } from './payloads';

const iso = (ms: number): string => new Date(ms).toISOString();
const one = { fingerprint: 'c2f6bbb2fd0c28a5', startsAt: iso(START + 10 * MINUTE) };

function madeCollector() {
  const made = madeRecorder();
  const shelf = new EvidenceShelf(made.recorder);
  let taken = 0;
  const gate: { wait: Promise<void> } = { wait: Promise.resolve() };
  const collector = new EvidenceCollector({
    shelf,
    takeRounds: async () => {
      taken += 1;
      await gate.wait;
      return ['pg', 'redis'].map((target) => madeRound(target, made.clock.now, { 'a.check': ['critical', taken] }));
    },
    now: () => made.clock.now,
  });
  return { ...made, shelf, collector, gate, taken: () => taken };
}

describe('evidence', () => {
  it('is the rounds of the moment it arrived and of the moment it began, kept for 30 days', async () => {
    const { recorder, clock, shelf, collector } = madeCollector();
    for (let at = START; at <= START + 15 * MINUTE; at += 10_000) {
      clock.now = at;
      recorder.record(madeRound('pg', at, { 'a.check': ['ok', (at - START) / 1000] }));
    }
    clock.now = START + 15 * MINUTE + 5000;
    await collector.receive(readNotices(alertmanager([one])));
    const times = () =>
      shelf.find(one.fingerprint, Date.parse(one.startsAt))?.rounds.map((r) => [r.target, r.startedAt]);
    const kept = [
      ['pg', START + 10 * MINUTE],
      ['pg', clock.now],
      ['redis', clock.now],
    ];
    expect(times()).toEqual(kept);
    clock.now += 29 * 24 * HOUR;
    maintainAll(recorder);
    expect(times()).toEqual(kept);
    clock.now += 2 * 24 * HOUR;
    maintainAll(recorder);
    expect(times()).toBeUndefined();
    expect(recorder.at('redis', START + 15 * MINUTE + 5000)).toMatchObject({ found: true }); // the newest there is
    recorder.record(madeRound('redis', clock.now - 25 * HOUR, { 'a.check': ['ok', 1] }));
    maintainAll(recorder);
    expect(recorder.at('redis', START + 15 * MINUTE + 5000)).toMatchObject({ found: false });
  });

  it('is taken once per fingerprint and start, and again when it fires anew', async () => {
    const { collector, taken, clock, shelf } = madeCollector();
    const send = (alerts: Parameters<typeof alertmanager>[0]) => collector.receive(readNotices(alertmanager(alerts)));
    clock.now = START + HOUR;
    expect(await send([one])).toMatchObject({ rounds: 2, alerts: [{ evidence: 'kept' }] });
    clock.now += MINUTE;
    expect(await send([one])).toMatchObject({ rounds: 0, alerts: [{ evidence: 'known' }] });
    expect(taken()).toBe(1);
    const two = { fingerprint: 'aaaa', startsAt: one.startsAt };
    expect(await send([one, two])).toMatchObject({ rounds: 2, alerts: [{ evidence: 'known' }, { evidence: 'kept' }] });
    clock.now += MINUTE;
    expect(await send([{ ...one, startsAt: iso(clock.now) }])).toMatchObject({ rounds: 2 });
    expect(taken()).toBe(3);
    expect(shelf.list({ fingerprint: one.fingerprint }).map((each) => each.startsAt)).toEqual([
      clock.now,
      Date.parse(one.startsAt),
    ]);
    expect(shelf.list({ name: 'APIDown' })).toHaveLength(3);
  });

  it('is taken once when the webhook is sent again while it is being taken', async () => {
    const { collector, taken, gate, clock } = madeCollector();
    clock.now = START + HOUR;
    let open = (): void => undefined;
    gate.wait = new Promise((resolve) => (open = resolve));
    const notices = readNotices(grafana([one]));
    const all = Array.from({ length: 20 }, () => collector.receive(notices));
    open();
    const answers = await Promise.all(all);
    expect(taken()).toBe(1);
    expect(answers.filter((answer) => answer.rounds > 0)).toHaveLength(1);
  });

  it('takes none for what is over, and notes when that was', async () => {
    const { collector, taken, clock, shelf } = madeCollector();
    clock.now = START + HOUR;
    await collector.receive(readNotices(alertmanager([one])));
    const resolved = { ...one, status: 'resolved' as const, endsAt: iso(START + 2 * HOUR) };
    expect(await collector.receive(readNotices(alertmanager([resolved])))).toMatchObject({
      alerts: [{ evidence: 'over' }],
    });
    expect(shelf.find(one.fingerprint, Date.parse(one.startsAt))?.endsAt).toBe(START + 2 * HOUR);
    expect(taken()).toBe(1);
  });

  it('fails when it cannot be kept, so that the sender tries again, and then works', async () => {
    const { collector, recorder, clock } = madeCollector();
    clock.now = START + HOUR;
    const write = recorder.store.write.bind(recorder.store);
    let broken = true;
    recorder.store.write = (work) =>
      write((prepared, database) => {
        if (broken) {
          throw Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 });
        }
        return work(prepared, database);
      });
    await expect(collector.receive(readNotices(alertmanager([one])))).rejects.toMatchObject({
      failure: { problem: 'full' },
    });
    broken = false;
    expect(await collector.receive(readNotices(alertmanager([one])))).toMatchObject({ alerts: [{ evidence: 'kept' }] });
  });
});

describe('over HTTP', () => {
  interface Answer {
    occurrences: Occurrence[];
    evidence: Evidence | null;
  }
  it('keeps a round of every target, and gives it back', async () => {
    const service = await keepingService();
    const now = Date.now();
    const alert = { fingerprint: 'c2f6bbb2fd0c28a5', startsAt: iso(now - 5000) };
    const sent = await ask<Received>(service, '/v1/alerts', post(grafana([alert])));
    expect(sent.status).toBe(200);
    holds('AlertsReceived', sent.body);
    expect(sent.body).toMatchObject({ source: 'grafana', rounds: 2, alerts: [{ evidence: 'kept' }] });
    expect((await ask<Received>(service, '/v1/alerts', post(alertmanager([alert])))).body.rounds).toBe(0);
    for (const query of ['fingerprint=c2f6bbb2fd0c28a5', 'name=APIDown', `name=APIDown&startsAt=${now - 5000}`]) {
      const { body } = await ask<Answer>(service, `/v1/alerts/evidence?${query}`);
      holds('AlertEvidence', body);
      expect(body.occurrences).toHaveLength(1);
      const targets = new Set(body.evidence?.rounds.map((round) => round.target));
      expect([...targets].sort()).toEqual(['gorax-redis', 'other-redis']);
      expect(body.evidence?.rounds[0]?.class).toBe('refused');
      expect(body.evidence?.pinnedUntil).toBeGreaterThanOrEqual(now + EVIDENCE_MS);
    }
    const none = await ask<Answer>(service, '/v1/alerts/evidence?fingerprint=0000');
    expect(none.body).toEqual({ occurrences: [], evidence: null });
  });

  it('survives a restart', async () => {
    const first = await keepingService();
    await ask(first, '/v1/alerts', post(alertmanager([one])));
    await first.close();
    const second = await keepingService({}, first.directory);
    expect((await ask<Received>(second, '/v1/alerts', post(alertmanager([one])))).body).toMatchObject({
      rounds: 0,
      alerts: [{ evidence: 'known' }],
    });
  });

  it('refuses without the token, what is no webhook, what is too large, and bad queries', async () => {
    const service = await keepingService();
    const status = async (path: string, init: RequestInit = {}) => {
      const answer = await ask<unknown>(service, path, init);
      if (answer.status >= 400) {
        holds('Error', answer.body);
      }
      return answer.status;
    };
    expect((await fetch(`${service.url}/v1/alerts`, post(alertmanager([one])))).status).toBe(401);
    expect((await fetch(`${service.url}/v1/alerts/evidence?name=x`)).status).toBe(401);
    expect(await status('/v1/alerts', post({ alerts: [] }))).toBe(400);
    expect(await status('/v1/alerts', post('not json'))).toBe(400);
    expect(await status('/v1/alerts', { method: 'POST' })).toBe(415);
    expect(await status('/v1/alerts', post({ ...alertmanager([one]), pad: 'x'.repeat(3_000_000) }))).toBe(413);
    for (const query of [
      '',
      'fingerprint=a&name=b',
      'fingerprint=',
      `name=${'x'.repeat(400)}`,
      'name=a&startsAt=soon',
      'other=1',
    ]) {
      expect(await status(`/v1/alerts/evidence?${query}`), query).toBe(400);
    }
    expect(service.log()).not.toContain(TOKEN);
  });
});
