import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { bind, diagnose, triage, type Cause, type Evidence, type Outcome, type RunbookDiagnosis } from '../src/index';
import { cause, NOW, pack, runbook } from './makePack';

const SIGNALS = ['s1', 's2', 'a', 'b', 'c', 'd', 'e', 'f'];
const SYMPTOMS = ['s1', 's2'];

const band = fc.record({
  band: fc.constantFrom('decisive', 'strong', 'moderate', 'weak', 'none') as fc.Arbitrary<Evidence['present']['band']>,
  sign: fc.constantFrom(1, -1) as fc.Arbitrary<1 | -1>,
});
const anEvidence: fc.Arbitrary<Evidence> = fc.record(
  { signal: fc.constantFrom(...SIGNALS), present: band, absent: band, group: fc.constantFrom('g', 'h') },
  { requiredKeys: ['signal', 'present', 'absent'] }
);
const aCause = (id: string): fc.Arbitrary<Cause> =>
  fc
    .record({
      items: fc.uniqueArray(anEvidence, { selector: ({ signal }) => signal, minLength: 1, maxLength: 6 }),
      prior: fc.constantFrom('common', 'usual', 'rare') as fc.Arbitrary<Cause['prior']>,
      explains: fc.subarray(['r/k0', 'r/k1', 'r/k2', 'r/k3', 'r', '*:r2', 'r2/k1', 'p/r/k2'], { maxLength: 3 }),
    })
    .map(({ items, prior, explains }) => cause(id, items, { prior, explains }));
const causes = fc
  .integer({ min: 1, max: 4 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => aCause(`k${index}`))));

const anOutcome = (signal: string): fc.Arbitrary<Outcome> =>
  fc.oneof(
    fc
      .record(
        {
          margin: fc.double({ min: 0, max: 1e6, noNaN: true }),
          since: fc.integer({ min: NOW - 10_000_000, max: NOW }),
        },
        { requiredKeys: [] }
      )
      .map((more): Outcome => ({ signal, state: 'present', rows: [], askedAt: NOW, tookMs: 0, ...more })),
    fc.constant<Outcome>({ signal, state: 'absent', rows: [], askedAt: NOW, tookMs: 0 }),
    fc
      .constantFrom('timeout' as const, 'not-applicable' as const)
      .map((reason): Outcome => ({ signal, state: 'unknown', reason, rows: [], askedAt: NOW, tookMs: 0 }))
  );
const allOutcomes = fc.tuple(...SIGNALS.map(anOutcome));

function run(list: readonly Cause[], found: readonly Outcome[]): RunbookDiagnosis {
  const made = pack([runbook('r', SYMPTOMS, list)]);
  return diagnose(bind(made, {}), 'r', new Map(found.map((outcome) => [`p/${outcome.signal}`, outcome])), NOW);
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const scoreOf = (diagnosis: RunbookDiagnosis, id: string) =>
  diagnosis.causes.find((item) => item.id === id)?.score ?? NaN;
const ROUNDING = 0.11;

describe('ranking', () => {
  it('does not depend on the order of causes, evidence or outcomes', () => {
    fc.assert(
      fc.property(causes, allOutcomes, fc.integer(), (list, found, seed) => {
        const shuffle = <T>(items: readonly T[]): T[] =>
          items
            .map((item, index) => ({ item, key: Math.imul(seed ^ (index + 1), 2_654_435_761) >>> 0 }))
            .sort((a, b) => a.key - b.key)
            .map(({ item }) => item);
        const shuffled = shuffle(
          list.map((item) => ({ ...item, evidence: shuffle(item.evidence), explains: shuffle(item.explains) }))
        );
        expect(plain(run(shuffled, shuffle(found)))).toEqual(plain(run(list, found)));
      }),
      { numRuns: 300 }
    );
  });

  it('keeps every score in its interval, and the unknowns can really take it no further', () => {
    fc.assert(
      fc.property(causes, allOutcomes, allOutcomes, (list, found, revealed) => {
        const before = run(list, found);
        // Whatever the unknowns turn out to be, the score stays in the interval that was given before.
        const later = run(
          list,
          found.map((outcome, index) =>
            outcome.state === 'unknown' &&
            outcome.reason !== 'not-applicable' &&
            revealed[index]?.reason !== 'not-applicable'
              ? (revealed[index] ?? outcome)
              : outcome
          )
        );
        for (const { id, score, interval } of before.causes) {
          expect(score).toBeGreaterThanOrEqual(interval[0] - ROUNDING);
          expect(score).toBeLessThanOrEqual(interval[1] + ROUNDING);
          expect(scoreOf(later, id)).toBeGreaterThanOrEqual(interval[0] - ROUNDING);
          expect(scoreOf(later, id)).toBeLessThanOrEqual(interval[1] + ROUNDING);
        }
      }),
      { numRuns: 500 }
    );
  });

  it('never lowers a cause when a signal turns from unknown to supporting', () => {
    fc.assert(
      fc.property(causes, allOutcomes, fc.nat(), fc.nat(), (list, found, whichCause, whichItem) => {
        const target = list[whichCause % list.length];
        const item = target?.evidence[whichItem % target.evidence.length];
        fc.pre(target !== undefined && item !== undefined && !SYMPTOMS.includes(item.signal));
        const state =
          item.present.sign > 0 && item.present.band !== 'none'
            ? 'present'
            : item.absent.sign > 0 && item.absent.band !== 'none'
              ? 'absent'
              : undefined;
        fc.pre(state !== undefined);
        const withState = (as: Outcome['state']) =>
          run(
            list,
            found.map((outcome) =>
              outcome.signal === item.signal
                ? {
                    signal: item.signal,
                    state: as,
                    rows: [],
                    askedAt: NOW,
                    tookMs: 0,
                    ...(as === 'unknown' ? { reason: 'timeout' as const } : {}),
                  }
                : outcome
            )
          );
        expect(scoreOf(withState(state), target.id)).toBeGreaterThanOrEqual(scoreOf(withState('unknown'), target.id));
      }),
      { numRuns: 500 }
    );
  });

  it('never treats an unknown like an absence: it refutes nothing and weighs nothing', () => {
    fc.assert(
      fc.property(causes, allOutcomes, (list, found) => {
        const blind = found.map((outcome): Outcome =>
          SYMPTOMS.includes(outcome.signal)
            ? outcome
            : { signal: outcome.signal, state: 'unknown', reason: 'timeout', rows: [], askedAt: NOW, tookMs: 0 }
        );
        const withoutSymptoms = list.map((item) => ({
          ...item,
          evidence: item.evidence.filter(({ signal }) => !SYMPTOMS.includes(signal)),
        }));
        for (const { verdict, supports, contradicts, score, prior } of run(withoutSymptoms, blind).causes) {
          expect(verdict).not.toBe('refuted');
          expect([...supports, ...contradicts]).toEqual([]);
          expect(score).toBe(prior);
        }
      })
    );
  });

  it('never lets a refuted cause lead, nor anyone without a present symptom', () => {
    fc.assert(
      fc.property(causes, allOutcomes, (list, found) => {
        const diagnosis = run(list, found);
        for (const id of diagnosis.leaders) {
          expect(['likely', 'possible']).toContain(diagnosis.causes.find((item) => item.id === id)?.verdict);
        }
        if (!found.some(({ signal, state }) => SYMPTOMS.includes(signal) && state === 'present')) {
          expect(diagnosis.leaders).toEqual([]);
        }
        if (diagnosis.state === 'healthy') {
          expect(found.filter(({ signal }) => SYMPTOMS.includes(signal)).some(({ state }) => state === 'absent')).toBe(
            true
          );
        }
        if (diagnosis.leaders.length > 0) {
          expect(diagnosis.causes[0]?.id).toBe(diagnosis.leaders[0]);
        }
      }),
      { numRuns: 500 }
    );
  });

  it('calls nothing likely without present proof: no symptom alone, no elimination alone', () => {
    fc.assert(
      fc.property(causes, allOutcomes, (list, found) => {
        for (const { verdict, supports } of run(list, found).causes) {
          if (verdict === 'likely') {
            const proof = supports.filter(
              ({ signal, outcome, weight }) =>
                outcome.state === 'present' && (!SYMPTOMS.includes(signal) || weight >= 13)
            );
            expect(proof.reduce((sum, { weight }) => sum + weight, 0)).toBeGreaterThanOrEqual(10);
          }
        }
      }),
      { numRuns: 500 }
    );
  });

  it('triages without regard to order, keeps somebody first, and covers only what is present', () => {
    fc.assert(
      fc.property(causes, causes, allOutcomes, (one, two, found) => {
        const second = two.map((item) => ({ ...item, identity: item.id === 'k0' ? 'p/r/k0' : `p/r2/${item.id}` }));
        const made = pack([runbook('r', ['s1'], one), runbook('r2', ['s2'], second)]);
        const bound = bind(made, {});
        const map = new Map(found.map((outcome) => [`p/${outcome.signal}`, outcome]));
        const diagnoses = ['r', 'r2'].map((id) => diagnose(bound, id, map, NOW));
        const result = triage([bound], diagnoses, map, NOW);
        expect(plain(triage([bound], [...diagnoses].reverse(), new Map([...map].reverse()), NOW))).toEqual(
          plain(result)
        );
        if (result.suspects.length > 0) {
          expect(result.suspects[0]?.explainedBy).toBeUndefined();
        }
        expect(new Set(result.suspects.map(({ identity }) => identity)).size).toBe(result.suspects.length);
        for (const { verdict } of result.suspects) {
          expect(['likely', 'possible']).toContain(verdict);
        }
        const problem = found.some(({ signal, state }) => SYMPTOMS.includes(signal) && state === 'present');
        expect(result.state === 'problem').toBe(problem);
        if (result.state === 'nothing-wrong') {
          expect(found.filter(({ signal }) => SYMPTOMS.includes(signal)).every(({ state }) => state === 'absent')).toBe(
            true
          );
        }
        // Every present symptom is either covered by somebody or named as unexplained.
        if (problem && result.suspects.length === 0) {
          expect(result.unexplained.length).toBeGreaterThan(0);
        }
        if (result.unexplained.length === 0 && problem) {
          expect(result.cover.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 500 }
    );
  });
});
