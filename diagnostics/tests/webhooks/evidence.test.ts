import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Losses } from '../../src/store/losses';
import { type Evidence, EVIDENCE_MS, EvidenceShelf, type Occurrence } from '../../src/evidence/shelf';
import { EvidenceCollector, type Received } from '../../src/webhooks/evidence';
import { readNotices } from '../../src/webhooks/notice';
import { serviceWithStores, post } from '../recorder/serviceWithStores';
import { HOUR, keptLog, madeRecorder, madeRound, MINUTE, START, temporaryDirectory } from '../recorder/made';
import { ask, holds } from '../rig/client';
import { TOKEN } from '../rig/secrets';
import { alertmanager, grafana } from './payloads';

const iso = (ms: number): string => new Date(ms).toISOString();
const one = { fingerprint: 'c2f6bbb2fd0c28a5', startsAt: iso(START + 10 * MINUTE) };

function madeCollector({ maxBytes = 64_000_000 } = {}) {
  const made = madeRecorder();
  const losses = new Losses(keptLog().log);
  const shelf = new EvidenceShelf({
    file: join(temporaryDirectory(), 'evidence.db'),
    maxBytes,
    roundAt: (target, ms) => {
      const found = made.recorder.at(target, ms);
      return found.found ? found.round : undefined;
    },
    log: keptLog().log,
    losses,
    now: () => made.clock.now,
  });
  onTestFinished(() => shelf.close());
  let taken = 0;
  const gate: { wait: Promise<void> } = { wait: Promise.resolve() };
  const collector = new EvidenceCollector({
    shelf,
    losses,
    takeRounds: async () => {
      taken += 1;
      await gate.wait;
      return ['pg', 'redis'].map((target) => madeRound(target, made.clock.now, { 'a.check': ['critical', taken] }));
    },
    now: () => made.clock.now,
  });
  return { ...made, shelf, losses, collector, gate, taken: () => taken };
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
    shelf.start();
    expect(times()).toEqual(kept);
    clock.now += 2 * 24 * HOUR;
    shelf.start();
    expect(times()).toBeUndefined();
    const left = shelf.store.read((_, database) => database.prepare('SELECT count(*) AS n FROM round').get());
    expect(left).toMatchObject({ n: 0 });
  });

  it('has a share of its own: the oldest goes first, that is a loss, and no round of the recorder goes for it', async () => {
    const { recorder, clock, shelf, losses, collector } = madeCollector({ maxBytes: 8_000_000 });
    for (let at = START; at <= START + 10 * MINUTE; at += 10_000) {
      recorder.record(madeRound('pg', at, { 'a.check': ['ok', at] }));
    }
    const before = recorder.store.bytes();
    const long = Object.fromEntries(Array.from({ length: 64 }, (_, n) => [`label_${n}`, 'x'.repeat(4000)]));
    for (let webhook = 0; webhook < 4; webhook += 1) {
      clock.now = START + HOUR + webhook * MINUTE;
      const [template] = alertmanager([one]).alerts;
      const alerts = Array.from({ length: 500 }, (_, n) => ({
        ...template,
        fingerprint: `f${webhook}-${n}`,
        startsAt: iso(clock.now),
        labels: { alertname: `A${webhook}`, ...long },
      }));
      const answer = await collector.receive(readNotices({ ...alertmanager([]), alerts }));
      expect(answer.alerts).toHaveLength(500);
    }
    expect(shelf.store.bytes()).toBeLessThanOrEqual(8_000_000);
    expect(recorder.store.bytes()).toBe(before);
    expect(shelf.list({ name: 'A3' }).length).toBeGreaterThan(10);
    expect(shelf.find('f3-499', clock.now)?.rounds.length).toBeGreaterThan(0);
    expect(shelf.list({ name: 'A0' })).toEqual([]);
    expect(losses.count('evidence', 'evidence-dropped-early')).toBeGreaterThan(500);
    expect(shelf.status()).toMatchObject({ state: 'ok' });
    // The labels of one alert are bounded, so that an answer about fifty of them is.
    expect(JSON.stringify(shelf.list({ name: 'A3' })).length).toBeLessThan(400_000);
  });

  it('keeps what fits of a webhook that is too large, and says what was cut', async () => {
    const { clock, shelf, losses, collector } = madeCollector();
    clock.now = START + HOUR;
    const alerts = Array.from({ length: 501 }, (_, n) => ({ ...one, fingerprint: `f${n}` }));
    const answer = await collector.receive(readNotices(alertmanager(alerts)));
    expect(answer.alerts).toHaveLength(500);
    expect(answer.cut).toEqual([{ reason: 'too-many', count: 1, message: 'a webhook may bring 500 alerts' }]);
    expect(shelf.has('f499', Date.parse(one.startsAt))).toBe(true);
    expect(losses.count('evidence', 'alerts-cut')).toBe(1);
  });

  it('ends the newest open occurrence when the start of what is resolved was overwritten, as Grafana 12 does', async () => {
    const { clock, shelf, collector } = madeCollector();
    const fire = async (ms: number): Promise<void> => {
      clock.now = ms;
      await collector.receive(readNotices(grafana([{ ...one, startsAt: iso(ms) }])));
    };
    await fire(START + HOUR);
    await fire(START + 2 * HOUR);
    clock.now = START + 3 * HOUR;
    const resolved = { ...one, status: 'resolved' as const, startsAt: iso(clock.now), endsAt: iso(clock.now) };
    await collector.receive(readNotices(grafana([resolved])));
    const ends = () => shelf.list({ fingerprint: one.fingerprint }).map(({ startsAt, endsAt }) => [startsAt, endsAt]);
    expect(ends()).toEqual([
      [START + 2 * HOUR, START + 3 * HOUR],
      [START + HOUR, null],
    ]);
    // Sent again, it ends nothing else; another alert is not concerned.
    await collector.receive(readNotices(grafana([{ ...resolved, fingerprint: 'another' }])));
    expect(ends()).toHaveLength(2);
    expect(ends()[1]).toEqual([START + HOUR, null]);
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
    const { collector, shelf, clock } = madeCollector();
    clock.now = START + HOUR;
    const write = shelf.store.write.bind(shelf.store);
    let broken = true;
    shelf.store.write = (work) =>
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
    const service = await serviceWithStores();
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
    const first = await serviceWithStores();
    await ask(first, '/v1/alerts', post(alertmanager([one])));
    await first.close();
    const second = await serviceWithStores({}, first.directory);
    expect((await ask<Received>(second, '/v1/alerts', post(alertmanager([one])))).body).toMatchObject({
      rounds: 0,
      alerts: [{ evidence: 'known' }],
    });
  });

  it('refuses without the token, what is no webhook, what is too large, and bad queries', async () => {
    const service = await serviceWithStores();
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
    expect(await status('/v1/alerts', post({ ...alertmanager([one]), pad: 'x'.repeat(9_000_000) }))).toBe(413);
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
