/**
 * Two estates that share one Postgres, in trouble at several ends at once. Each fault is named once, at the component that has it, and
 * what merely suffers or merely changed is not accused.
 */
import { declaredEstate, type GivenOutcome, type Triage } from '@live-runbooks/engine';
import {
  estateConflicts,
  formatProblem,
  loadPack,
  triageGiven,
  type LoadedPack,
} from '@live-runbooks/engine/authoring';
import { describe, expect, it } from 'vitest';

import { readPackFolder } from '../../cli/src/readPacks';
import { SHIPPED_KINDS } from './shippedPacks';

const { files } = readPackFolder('tests/packs/estates', 'runbooks/kinds');

function load(name: string, change: (text: string) => string = (text) => text): LoadedPack {
  const folder = `tests/packs/estates/${name}`;
  const file = `${folder}/pack.yaml`;
  const loaded = loadPack({ ...files, [file]: change(files[file] ?? '') }, folder);
  if (!loaded.ok) {
    throw new Error(loaded.problems.map(formatProblem).join('\n'));
  }
  return loaded;
}

const [north, south] = [load('north'), load('south')];
const estate = declaredEstate([north.pack, south.pack], SHIPPED_KINDS);

const present = (value?: number, row?: GivenOutcome['row']): GivenOutcome => ({
  state: 'present',
  ...(value === undefined ? {} : { value }),
  ...(row === undefined ? {} : { row }),
});
type Given = Readonly<Record<string, Readonly<Record<string, GivenOutcome>>>>;
function triageOf(given: Given): Triage {
  const found = triageGiven(estate, SHIPPED_KINDS, { given, rest: 'absent' });
  return 'triage' in found ? found.triage : expect.fail(found.unknown.join('\n'));
}
const nameOf = ({ pack, cause }: Triage['suspects'][number]) => `${pack}/${cause}`;
const leads = ({ suspects }: Triage) => suspects.filter(({ explainedBy }) => explainedBy === undefined).map(nameOf);
const likely = ({ suspects }: Triage) => suspects.filter(({ verdict }) => verdict === 'likely').map(nameOf);

/** The sessions in Redis are gone: both who ask Redis see it, and so does the shop. */
const REDIS_GONE: Given = {
  'north.sessions': {
    'redis-down': present(0, { class: 'refused', up: false }),
    'redis-refused': present(),
    'redis-exporter-outage': present(0),
    'redis-exporter-down': present(0),
  },
  'north.api': { 'http-5xx-ratio': present(0.6), 'http-p95': present(3) },
  'north.web': { 'http-5xx-ratio': present(0.5) },
};
/** A version of the reports came just before, and its own first requests failed. */
const DEPLOYED: Given = {
  'south.api': {
    'http-5xx-ratio': present(0.3),
    'new-version': present(0.4, { version: '2.0.0' }),
    'previous-version': present(undefined, { version: '1.9.3' }),
  },
};
const REPLICA_BEHIND: Given = { 'south.replica': { 'pg-replication-lag': present(900) } };
/** The API of the shop was deployed as well, and failed only when Redis went; the shared server is busy, and holds nobody up. */
const DECOYS: Given = {
  'north.api': {
    ...REDIS_GONE['north.api'],
    'new-version': present(0.4, { version: '7.1.0' }),
    'previous-version': present(undefined, { version: '7.0.4' }),
    'clean-after-version': present(4),
    'pool-saturated': present(0.97, { job: 'api' }),
  },
  'north.main-db': { 'pg-exporter-long-transaction': present(1800) },
};
/** A session of the reports is idle in a transaction of the shared server. */
const LOCKED: Given = {
  'north.main-db': {
    'lock-waiters': present(9, { waitSeconds: 44, application: 'api' }),
    'root-blocker-idle': present(1, { pid: 4711, application: 'reports', idleSeconds: 380, waitingBehind: 9 }),
  },
  'north.api': { 'http-p95': present(4) },
  'north.web': { 'http-p95': present(4) },
  'south.api': { 'http-p95': present(5) },
};

describe('two estates that share a Postgres', () => {
  it('have it once, under the name of the first, with what each of them says of it', () => {
    expect(estate.components.map(({ id }) => id)).toEqual([
      ...['north.web', 'north.api', 'north.sessions', 'north.main-db'],
      ...['south.api', 'south.replica', 'south.cache'],
    ]);
    expect(estate.names.get('south/pg')).toBe('north.main-db');
    expect(estate.arrows.filter(({ to }) => to === 'north.main-db').map(({ from }) => from)).toEqual([
      'north.api',
      'south.api',
      'south.replica',
    ]);
  });

  it('are refused when they say different things of it, with both places', () => {
    const other = load('south', (text) =>
      text.replace(
        "instance: 'main-db.data:9187' } }",
        "instance: 'main-db.data:9187' }, with: { postgres: { postgres: reports } } }"
      )
    );
    expect(estateConflicts([north, other], SHIPPED_KINDS).map(formatProblem)).toEqual([
      expect.stringMatching(
        /^tests\/packs\/estates\/south\/pack\.yaml:13:\d+: error: `south\/pg` and `north\/main-db` are one postgres, and differ: postgres is `reports` here and `main` at tests\/packs\/estates\/north\/pack\.yaml:26 \[conflict\]$/
      ),
    ]);
  });
});

describe('several faults at once', () => {
  const found = triageOf({ ...REDIS_GONE, ...DEPLOYED, ...REPLICA_BEHIND, ...DECOYS });

  it('are each named once, where they are', () => {
    expect(likely(found).sort()).toEqual(['north.sessions/redis-down', 'south.api/bad-deploy']);
    expect(leads(found).sort()).toEqual([
      'north.sessions/redis-down',
      'south.api/bad-deploy',
      'south.replica/replica-too-slow',
    ]);
  });

  it('do not accuse the other deployment, the busy shared server, or the cache that is well', () => {
    expect(found.suspects.map(nameOf)).not.toContain('north.api/bad-deploy');
    expect(leads(found).filter((name) => /main-db|cache|north\.(api|web)/.test(name))).toEqual([]);
  });

  it('leave the long transaction as what it is: seen, and the reason of nothing', () => {
    expect(found.unexplained).toEqual([{ runbook: 'postgres-slow-queries', signal: 'pg-exporter-long-transaction' }]);
  });
});

describe('a fault of the shared server', () => {
  it('is one suspect, and explains who suffers in both estates', () => {
    const found = triageOf(LOCKED);
    expect(leads(found)).toEqual(['north.main-db/idle-in-transaction']);
    expect(found.suspects[0]?.explains.map(({ pack }) => pack).sort()).toEqual(['north.api', 'north.web', 'south.api']);
    expect(found.unexplained).toEqual([]);
  });

  it('does not take over what is broken beside it', () => {
    const found = triageOf({ ...LOCKED, 'north.sessions': REDIS_GONE['north.sessions'] ?? {} });
    expect(leads(found).sort()).toEqual(['north.main-db/idle-in-transaction', 'north.sessions/redis-down']);
  });

  it('is told apart from the same fault of the replica, which the other estate does not need', () => {
    const { 'north.main-db': held = {}, 'south.api': reports = {} } = LOCKED;
    const found = triageOf({ 'south.replica': held, 'south.api': reports });
    expect(leads(found)).toEqual(['south.replica/idle-in-transaction']);
    expect(found.suspects[0]?.explains.map(({ pack }) => pack)).toEqual(['south.api']);
  });
});

it('a healthy pair of estates has no suspect, and one that nobody can ask has none either', () => {
  expect(triageOf({}).state).toBe('nothing-wrong');
  const blind = triageGiven(estate, SHIPPED_KINDS, { given: {}, rest: 'unknown' });
  expect('triage' in blind && [blind.triage.state, blind.triage.suspects]).toEqual(['cannot-assess', []]);
});
