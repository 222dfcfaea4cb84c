import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { pastRoundOf, pastRoundsOf } from '../../src/recorder/routes';
import { DamagedRow } from '../../src/store/damagedRow';
import { HOUR, madeRecorder, madeRound, maintainAll, MINUTE, START } from './made';

const sha = (text: string): string => createHash('sha256').update(text).digest('base64');
const steady = { 'postgres.blocking': ['ok', 0] } as const;
const troubled = { 'postgres.blocking': ['critical', 12] } as const;

describe('record and at', () => {
  it('gives back the round in force, exactly as it was', () => {
    const { recorder } = madeRecorder();
    const rounds = [0, 10, 20].map((s) =>
      madeRound('pg', START + s * 1000, { 'postgres.blocking': ['ok', s], 'postgres.deadlocks': ['unknown', null] })
    );
    rounds.forEach((round) => expect(recorder.record(round)).toBe(true));
    expect(recorder.at('pg', START + 10_000)).toMatchObject({ found: true, round: rounds[1] });
    expect(recorder.at('pg', START + 19_999)).toMatchObject({ found: true, round: rounds[1] });
    expect(recorder.at('pg', START + 25_000)).toMatchObject({ found: true, round: rounds[2] });
  });

  it('says that nothing was recorded, and what is nearest', () => {
    const { recorder } = madeRecorder();
    recorder.record(madeRound('pg', START, steady));
    recorder.record(madeRound('pg', START + HOUR, steady));
    const nothing = { found: false, reason: 'nothing-recorded' };
    expect(recorder.at('pg', START - 1)).toEqual({ ...nothing, before: null, after: START });
    expect(recorder.at('pg', START + 30 * MINUTE)).toEqual({ ...nothing, before: START, after: START + HOUR });
    expect(recorder.at('pg', START + 2 * HOUR)).toEqual({ ...nothing, before: START + HOUR, after: null });
    expect(recorder.at('redis', START)).toMatchObject({ found: false, reason: 'unknown-target' });
  });

  it('writes the same round once', () => {
    const { recorder } = madeRecorder();
    const round = madeRound('pg', START, steady);
    recorder.record(round);
    recorder.record(round);
    expect(recorder.status().recorded).toBe(1);
  });

  it('keeps targets apart, and rounds whose checks or clock change', () => {
    const { recorder } = madeRecorder();
    const first = madeRound('pg', START + 60_000, steady);
    const back = madeRound('pg', START + 20_000, troubled);
    const wider = madeRound('pg', START + 21_000, { ...troubled, 'custom.check': ['ok', 3] });
    const other = madeRound('other', START + 20_000, steady);
    [first, back, wider, other].forEach((round) => recorder.record(round));
    expect(recorder.at('pg', START + 20_500)).toMatchObject({ found: true, round: back });
    expect(recorder.at('pg', START + 22_000)).toMatchObject({ found: true, round: wider });
    expect(recorder.at('pg', START + 60_000)).toMatchObject({ found: true, round: first });
    expect(recorder.at('other', START + 22_000)).toMatchObject({ found: true, round: other });
  });

  it('reads after a restart what was written before it, and goes on in the same stretch', () => {
    const { recorder, file } = madeRecorder();
    const rounds = [0, 1, 2, 3].map((s) => madeRound('pg', START + s * 10_000, { 'postgres.blocking': ['ok', s] }));
    rounds.slice(0, 2).forEach((round) => recorder.record(round));
    recorder.close();
    const { recorder: again, clock } = madeRecorder({ file });
    clock.now = START + 40_000;
    expect(again.last('pg')).toEqual(rounds[1]);
    rounds.slice(2).forEach((round) => again.record(round));
    for (const round of rounds) {
      expect(again.at('pg', round.startedAt)).toMatchObject({ found: true, round });
    }
    expect(again.history('pg', 'postgres.blocking', START, START + 30_000)).toMatchObject({
      gaps: [],
      changes: [{ at: START, from: null, to: 'ok' }],
    });
  });

  it('finds everything again over days, with a dictionary that no longer fits replaced', () => {
    const { recorder, clock } = madeRecorder();
    const long = (at: number, day: number) =>
      madeRound('pg', at, steady, {
        title: Array.from({ length: 30 }, (_, index) => sha(`${day}:${index}`)).join(' '),
      });
    const rounds = Array.from({ length: 60 }, (_, index) => long(START + index * MINUTE * 0.5, Math.floor(index / 30)));
    for (const round of rounds) {
      clock.now = round.startedAt;
      recorder.record(round);
    }
    maintainAll(recorder);
    for (const round of rounds) {
      expect(recorder.at('pg', round.startedAt)).toMatchObject({ found: true, round });
    }
    const sizes = recorder.store.read((_, database) =>
      database.prepare('SELECT dictionary, length(body) AS bytes FROM round ORDER BY id').all()
    ) as Array<{ dictionary: number; bytes: number }>;
    expect(new Set(sizes.map((row) => row.dictionary)).size).toBe(2);
    expect(sizes.at(-1)?.bytes).toBeLessThan(100);
  });
});

describe('thinning', () => {
  it('leaves every change of state where it was, and the states between them right', () => {
    const { recorder, clock } = madeRecorder();
    const stateAt = (at: number) => (Math.floor((at - START) / (37 * MINUTE)) % 3 === 1 ? troubled : steady);
    for (let at = START; at < START + 20 * HOUR; at += 20_000) {
      clock.now = at;
      recorder.record(madeRound('pg', at, stateAt(at)));
      if ((at - START) % (10 * MINUTE) === 0) {
        maintainAll(recorder);
      }
    }
    maintainAll(recorder);
    const rows = recorder.store.read((_, database) => database.prepare('SELECT count(*) AS n FROM round').get()) as {
      n: number;
    };
    expect(rows.n).toBeLessThan(180 + 300 + 14 * 12 + 40);
    for (let at = START; at < clock.now; at += 7 * MINUTE + 1234) {
      const found = recorder.at('pg', at);
      const wanted = stateAt(START + Math.floor((at - START) / 20_000) * 20_000)['postgres.blocking'][0];
      expect(found.found && found.round.checks[0]?.state).toBe(wanted);
    }
  });

  it('forgets what is older than a day', () => {
    const { recorder, clock } = madeRecorder();
    for (let at = START; at < START + 30 * HOUR; at += 20_000) {
      clock.now = at;
      recorder.record(madeRound('pg', at, steady));
    }
    maintainAll(recorder);
    expect(recorder.at('pg', START + 2 * HOUR)).toMatchObject({ found: false });
    expect(recorder.at('pg', clock.now - 24 * HOUR).found).toBe(true);
    // That is their time: nothing is lost by it.
    expect(recorder.store.losses.all()).toEqual([]);
  });

  it('goes on recording in the stretch whose beginning was forgotten', () => {
    const { recorder, clock } = madeRecorder({ keepHours: 2 });
    for (let at = START; at < START + 5 * HOUR; at += 20_000) {
      clock.now = at;
      recorder.record(madeRound('pg', at, steady));
      maintainAll(recorder);
    }
    const history = recorder.history('pg', 'postgres.blocking', clock.now - HOUR, clock.now);
    expect(history).toMatchObject({ found: true, gaps: [] });
    const stretches = recorder.store.read((_, database) => database.prepare('SELECT * FROM stretch').all());
    expect(stretches).toHaveLength(1);
  });

  it('stays inside its bound: plain rounds go first, then changes, and what went before its time is a loss', () => {
    const { recorder, clock } = madeRecorder({ maxBytes: 400_000 });
    const noise = (seed: number) => Array.from({ length: 12 }, (_, index) => sha(`${seed}:${index}`)).join('');
    let worst = 0;
    for (let index = 0; index < 3000; index++) {
      clock.now = START + index * 5000;
      const flapping = index > 1500 && index % 2 === 0 ? troubled : steady;
      recorder.record(madeRound('pg', clock.now, flapping, { title: noise(index) }));
      recorder.maintain();
      worst = Math.max(worst, recorder.store.bytes() ?? 0);
    }
    maintainAll(recorder);
    expect(recorder.store.bytes()).toBeLessThanOrEqual(400_000);
    expect(worst).toBeLessThan(400_000 * 1.1 + 1_048_576);
    expect(recorder.at('pg', START + 1600 * 5000)).toMatchObject({ found: false, reason: 'nothing-recorded' });
    expect(recorder.store.losses.count('recorder', 'rounds-dropped-early')).toBeGreaterThan(1000);
    expect(recorder.at('pg', clock.now)).toMatchObject({ found: true, round: { startedAt: clock.now } });
    expect(recorder.status()).toMatchObject({ state: 'ok', lost: 0 });
  });
});

describe('a round that is damaged in the file', () => {
  function damagedRecorder(statement: string) {
    const { recorder, clock, file, lines } = madeRecorder();
    for (const target of ['pg', 'redis']) {
      for (let index = 0; index < 3; index += 1) {
        clock.now = START + index * 10_000;
        recorder.record(madeRound(target, clock.now, steady));
      }
    }
    recorder.store.write((_, database) => database.exec(statement));
    recorder.close();
    const again = madeRecorder({ file, now: () => clock.now });
    return { recorder: again.recorder, lines: [...lines, ...again.lines], clock };
  }
  const NEWEST = '(SELECT max(at) FROM round)';

  it.each([
    ['its body', `UPDATE round SET body = x'00ff' WHERE at = ${NEWEST} AND target = 1`],
    ['its dictionary', `UPDATE dictionary SET body = x'00ff' WHERE target = 1`],
    ['its dictionary is gone', `DELETE FROM dictionary WHERE target = 1`],
  ])('%s: is told as damage, costs no other target, and recording goes on', (_, statement) => {
    const { recorder, clock } = damagedRecorder(statement);
    expect(() => recorder.at('pg', clock.now)).toThrow(DamagedRow);
    expect(recorder.last('pg')).toBeUndefined();
    expect(recorder.at('redis', clock.now)).toMatchObject({ found: true });
    expect(recorder.store.losses.count('recorder', 'rows-damaged')).toBeGreaterThan(0);
    clock.now += 10_000;
    expect(recorder.record(madeRound('pg', clock.now, steady))).toBe(true);
    expect(recorder.at('pg', clock.now)).toMatchObject({ found: true, round: { startedAt: clock.now } });
  });

  it('its values: is a point less in the history', () => {
    const { recorder, clock } = damagedRecorder(`UPDATE round SET numbers = '[' WHERE at = ${START + 10_000}`);
    const history = recorder.history('pg', 'postgres.blocking', START, clock.now);
    expect(history).toMatchObject({ found: true, points: [{ at: START }, { at: START + 20_000 }] });
  });

  it('of many that are asked for, it is missing, and the others are there', () => {
    const { recorder, clock } = damagedRecorder(`UPDATE round SET body = x'00' WHERE target = 1`);
    expect(pastRoundsOf(recorder, ['pg', 'redis'], clock.now)).toMatchObject({
      rounds: [{ target: 'redis' }],
      missing: [{ target: 'pg', reason: 'nothing-recorded' }],
    });
    expect(() => pastRoundOf(recorder, 'pg', clock.now)).toThrow(
      expect.objectContaining({ status: 503, code: 'recorder-damaged' })
    );
  });
});

describe('history', () => {
  it('has the state at the beginning, the changes, and the gaps', () => {
    const { recorder, clock } = madeRecorder();
    const say = (s: number, checks: Parameters<typeof madeRound>[2]) => {
      clock.now = START + s * 1000;
      recorder.record(madeRound('pg', clock.now, checks));
    };
    say(0, steady);
    say(10, steady);
    say(20, troubled);
    say(30, { 'postgres.blocking': ['unknown', null] });
    say(300, steady);
    const history = recorder.history('pg', 'postgres.blocking', START + 15_000, START + 310_000);
    expect(history).toMatchObject({
      found: true,
      title: 'Title of postgres.blocking',
      threshold: { warning: 5, critical: 9 },
      points: [
        { at: START + 10_000, state: 'ok', value: 0 },
        { at: START + 20_000, state: 'critical', value: 12 },
        { at: START + 30_000, state: 'unknown', value: null },
        { at: START + 300_000, state: 'ok', value: 0 },
      ],
      changes: [
        { at: START + 10_000, from: null, to: 'ok' },
        { at: START + 20_000, from: 'ok', to: 'critical' },
        { at: START + 30_000, from: 'critical', to: 'unknown' },
        { at: START + 300_000, from: null, to: 'ok' },
      ],
      gaps: [{ from: START + 60_000, to: START + 300_000 }],
    });
  });

  it('of a check that flaps is bounded, and says what is left out', () => {
    const { recorder, clock } = madeRecorder();
    for (let n = 0; n < 1500; n += 1) {
      clock.now = START + n * 1000;
      recorder.record(madeRound('pg', clock.now, n % 2 === 0 ? steady : troubled));
    }
    const history = recorder.history('pg', 'postgres.blocking', START, clock.now, 100);
    expect(history).toMatchObject({ found: true, changes: { length: 1000 }, leftOut: { changes: 500, before: null } });
    if (history.found) {
      expect(history.points.length).toBeLessThanOrEqual(100);
      expect(history.changes.at(-1)?.at).toBe(clock.now);
    }
  });

  it('says which checks there are, and tells an unknown target from a time without rounds', () => {
    const { recorder, clock } = madeRecorder();
    recorder.record(madeRound('pg', START, { ...steady, 'postgres.deadlocks': ['ok', 0] }));
    clock.now = START + HOUR;
    const ask = (target: string, check: string, from: number) => recorder.history(target, check, from, from + MINUTE);
    expect(ask('pg', 'postgres.blokking', START)).toMatchObject({
      found: false,
      reason: 'unknown-check',
      checks: ['postgres.blocking', 'postgres.deadlocks'],
    });
    expect(ask('pg', 'postgres.blocking', START + 30 * MINUTE)).toMatchObject({
      found: false,
      reason: 'nothing-recorded',
      gaps: [{ from: START + 30 * MINUTE, to: START + 31 * MINUTE }],
    });
    expect(ask('mysql', 'postgres.blocking', START)).toMatchObject({ found: false, reason: 'unknown-target' });
  });
});
