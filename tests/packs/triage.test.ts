/**
 * The packs against what a real estate showed. `recorded/<fault>.json` holds the outcomes of all signals of both packs
 * about 40 s after the fault of that name was injected into the demo estate; `healthy.json` was taken before.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { bind, diagnose, triage, type Outcome, type OutcomeMap, type Triage } from '@live-runbooks/engine';
import { describe, expect, it } from 'vitest';

import { SHIPPED_PACKS } from './shippedPacks';

const NOW = 1_700_000_000_000;
const FOLDER = join(import.meta.dirname, 'recorded');

const bounds = SHIPPED_PACKS.map((pack) => bind(pack, {}));

type Recorded = Readonly<Record<string, Omit<Outcome, 'signal' | 'askedAt' | 'tookMs'>>>;

function recorded(name: string): Map<string, Outcome> {
  const all = JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as Recorded;
  return new Map(
    Object.entries(all).map(([key, outcome]) => [
      key,
      { ...outcome, signal: key.slice(key.indexOf('/') + 1), askedAt: NOW, tookMs: 1 },
    ])
  );
}

function judgeEstate(outcomes: OutcomeMap): Triage {
  const diagnoses = bounds.flatMap((bound) => bound.pack.runbooks.map(({ id }) => diagnose(bound, id, outcomes, NOW)));
  return triage(bounds, diagnoses, outcomes, NOW);
}

const unknown = (signal: string): Outcome => ({
  signal,
  state: 'unknown',
  reason: 'timeout',
  rows: [],
  askedAt: NOW,
  tookMs: 1,
});

/** What has to stand first, where it is at home, and the live fact that its sentence has to name. */
const FAULTS: ReadonlyArray<{ fault: string; identity: string; home: string; says: RegExp; part?: string }> = [
  {
    fault: 'idle-in-transaction',
    identity: 'postgres/idle-in-transaction',
    home: 'lock-contention',
    says: /Session \d+ \(gorax-worker\) has been idle in transaction for .* and blocks \d+ sessions on workflows/,
  },
  {
    fault: 'queued-ddl',
    identity: 'postgres/queued-ddl',
    home: 'lock-contention',
    says: /session \d+ \(schema-migration\) .* workflow_executions behind session \d+ \(monthly-report, active\), and \d+ sessions queue/,
    // Without sight of the queue, the reader at its head is what can be seen: true, and a part of the whole.
    part: 'postgres/long-transaction',
  },
  {
    fault: 'connection-leak',
    identity: 'gorax:sql-pool/connection-leak',
    home: 'connection-exhaustion',
    says: /gorax-api holds \d+ sessions, \d+ of them idle/,
  },
  {
    fault: 'max-connections',
    identity: 'postgres/max-connections',
    home: 'connection-exhaustion',
    says: /57 of 57.*nightly-export holds \d+ sessions/,
  },
  {
    fault: 'missing-index',
    identity: 'postgres/missing-index',
    home: 'slow-queries',
    says: /Full scans of workflow_executions: .*\/s, 300,\d+ rows each/,
  },
  {
    fault: 'redis-oom',
    identity: 'redis/redis-out-of-memory',
    home: 'redis-failures',
    says: /100 % of its memory limit.* noeviction; commands refused for lack of memory: \d+\/s/,
  },
  {
    fault: 'redis-gone',
    identity: 'redis/redis-down',
    home: 'redis-failures',
    says: /\(the connection is refused\).*gorax-redis/,
  },
  {
    fault: 'workers-stopped',
    identity: 'gorax:workload/workers-stopped',
    home: 'queue-backlog',
    says: /\d+ executions wait/,
  },
  {
    fault: 'bad-deploy',
    identity: 'gorax:http-service/bad-deploy',
    home: 'api-errors',
    says: /Version 2\.\S+ .*\d+ % of the requests fail/,
  },
  {
    fault: 'postgres-stopped',
    identity: 'postgres/postgres-down',
    home: 'connection-exhaustion',
    says: /\(the connection is refused\).*gorax-postgres/,
  },
];

describe.each(FAULTS)('$fault', ({ fault, identity, home, says, part }) => {
  it('is the first suspect, likely, and its sentence names the live facts', () => {
    const { suspects, state } = judgeEstate(recorded(fault));
    expect(state).toBe('problem');
    expect(suspects[0]).toMatchObject({ identity, pack: 'gorax', runbook: home, verdict: 'likely' });
    expect(suspects[0]?.says).toMatch(says);
  });

  it('leaves no second suspect beside it: what else was found is explained by it', () => {
    const { suspects } = judgeEstate(recorded(fault));
    expect(
      suspects.slice(1).filter(({ explainedBy, verdict }) => explainedBy === undefined && verdict === 'likely')
    ).toEqual([]);
  });

  it('makes way for no other likely cause when any one signal cannot be asked', () => {
    const outcomes = recorded(fault);
    const wrong = [...outcomes.keys()].flatMap((key) => {
      const [first] = judgeEstate(new Map(outcomes).set(key, unknown(key.slice(key.indexOf('/') + 1)))).suspects;
      return first?.verdict !== 'likely' || first.identity === identity || first.identity === part
        ? []
        : [`without ${key}: ${first.identity}`];
    });
    expect(wrong).toEqual([]);
  });

  it('is never replaced by another likely cause while the diagnostics service is away', () => {
    const away = new Map(
      [...recorded(fault)].map(([key, outcome]): [string, Outcome] => {
        const [pack = '', signal = ''] = key.split('/');
        const source = bounds.find((bound) => bound.pack.id === pack)?.pack.signals[signal]?.query.source;
        return [key, source === 'diagnostics' ? unknown(signal) : outcome];
      })
    );
    const [first] = judgeEstate(away).suspects;
    if (first?.verdict === 'likely') {
      expect(first.identity).toBe(identity);
    }
  });
});

describe('a healthy estate under load', () => {
  it('has no suspect', () => {
    const { state, suspects } = judgeEstate(recorded('healthy'));
    expect(suspects).toEqual([]);
    // It was recorded without Loki.
    expect(state).toBe('no-known-problem');
  });

  it('is not called healthy when nothing could be asked', () => {
    const blind = new Map([...recorded('healthy')].map(([key, { signal }]) => [key, unknown(signal)]));
    expect(judgeEstate(blind)).toMatchObject({ state: 'cannot-assess', suspects: [] });
  });
});

it('has a recording of every fault and no other', () => {
  const names = readdirSync(FOLDER).map((name) => name.replace('.json', ''));
  expect(names.sort()).toEqual([...FAULTS.map(({ fault }) => fault), 'healthy'].sort());
});
