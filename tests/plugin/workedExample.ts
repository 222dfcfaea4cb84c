/** The estate of docs/worked-example as the diagnostics service serves it, and what its sources answer. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  declaredEstate,
  instantiate,
  rolesOf,
  type Kind,
  type PlannedQuery,
  type Reading,
  type Signal,
  type Test,
} from '@live-runbooks/engine';
import { loadKinds, loadPack } from '@live-runbooks/engine/authoring';
import type { ServedPack } from '@live-runbooks/sources';
import { blockingCheck, NOW, type Answers } from '../../src/testing/readings';

const EXAMPLE = 'docs/worked-example';

const textsIn = (root: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => [name, readFileSync(join(root, name), 'utf8')])
  );
const KIND_FILES = Object.fromEntries(
  Object.entries(textsIn('runbooks/kinds')).map(([name, text]) => [`kinds/${name}`, text])
);

export const SHIPPED_KINDS: readonly Kind[] = loadKinds(KIND_FILES).kinds.map(({ kind }) => kind);
const BY_ID = new Map(SHIPPED_KINDS.map((kind) => [kind.id, kind]));

/** A pack of these files beside the kinds, as the service answers it. Errors: what is wrong in the files. */
export function served(folder: string, files: Readonly<Record<string, string>>): ServedPack {
  const loaded = loadPack({ ...KIND_FILES, ...files }, folder);
  if (!loaded.ok) {
    throw new Error(loaded.problems.map(({ file, line, message }) => `${file}:${line} ${message}`).join('\n'));
  }
  const { pack, origins } = loaded;
  const places = pack.runbooks.map(({ id }) => [id, origins.get(`runbook ${id}`)?.source.file ?? folder] as const);
  return { folder, files: Object.fromEntries(places), stale: false, pack: JSON.parse(JSON.stringify(pack)) as unknown };
}

export const ACME = served('acme', textsIn(EXAMPLE));

const estate = declaredEstate([ACME.pack as Parameters<typeof declaredEstate>[0][number]], BY_ID);
const signals = new Map<string, Signal>(
  estate.components.flatMap((component) => {
    const extensions = estate.extensions.get(component.id) ?? [];
    const { pack } = instantiate(component, BY_ID, { extensions, roles: rolesOf(component, estate, BY_ID) });
    return Object.values(pack.signals).map((signal) => [`${pack.id}/${signal.id}`, signal] as const);
  })
);

/** What is wrong, by `<component>/<signal>`: the value of the signal, and further labels of its series. */
type Faults = Readonly<Record<string, { readonly value: number; readonly labels?: Readonly<Record<string, string>> }>>;

/**
 * All components are there, in use and well, except for the faults. `blocked` is the target of the service in whose database sessions wait
 * behind one that is idle; `missing` are components without any series.
 */
export function acmeAnswers(
  given: { readonly faults?: Faults; readonly blocked?: string; readonly missing?: readonly string[] } = {}
): Answers {
  const { blocked, missing = [] } = given;
  const faults = lasting(given.faults ?? {});
  const there = estate.components.filter(({ id }) => !missing.includes(id));
  return (query) => {
    if (query.source === 'diagnostics') {
      const isBlocked = query.target === blocked && query.check === 'postgres.blocking';
      const check = blockingCheck(isBlocked ? 9 : 0, isBlocked ? [ROOT] : []);
      const rows = { ...check.rows, waiting: isBlocked ? [WAITING] : [] };
      return { kind: 'check', check: { ...check, rows }, askedAt: NOW, tookMs: 1 };
    }
    const [, kind, dialect] = /^discover\.([^.]+)\.([^.]+)$/.exec(query.id) ?? [];
    if (kind !== undefined) {
      return samples(
        there.flatMap(({ kinds }) =>
          kinds.filter((as) => as.kind === kind && as.dialect === dialect).map(({ is }) => ({ value: 1, labels: is }))
        )
      );
    }
    return samples(
      query.signals.flatMap((key) => {
        const component = there.find(({ id }) => key.startsWith(`${id}/`));
        const test = signals.get(key)?.test;
        const labels = Object.assign({}, ...(component?.kinds ?? []).map(({ is }) => is)) as Record<string, string>;
        return component === undefined || test === undefined
          ? []
          : [
              {
                value: faults[key]?.value ?? (key.endsWith('/http-traffic') ? 1 : well(test)),
                labels: { ...kept(query, labels), ...faults[key]?.labels },
              },
            ];
      })
    );
  };
}

const ROOT = {
  ...{ pid: 4711, application: 'checkout', state: 'idle in transaction', kind: 'client', lock: 'transactionid' },
  ...{ idleSeconds: 380, transactionSeconds: 400, waitingBehind: 9, relation: 'orders' },
};

const WAITING = { pid: 512, application: 'checkout', waitSeconds: 44, lock: 'transactionid', relation: 'orders' };

const samples = (all: ReadonlyArray<{ value: number; labels: Readonly<Record<string, string>> }>): Reading => ({
  ...{ kind: 'samples', samples: all },
  ...{ askedAt: NOW, tookMs: 1 },
});

/** The faults, which are not over: what shows one in the last part of its window shows it too. */
function lasting(faults: Faults): Faults {
  return Object.entries(faults).reduce<Faults>((all, [key, fault]) => {
    const recent = signals.get(key)?.recent;
    return { ...all, [key]: fault, ...(recent ? { [`${key.slice(0, key.lastIndexOf('/'))}/${recent}`]: fault } : {}) };
  }, {});
}

/** The labels that the query keeps. */
function kept({ expr }: PlannedQuery, labels: Readonly<Record<string, string>>): Record<string, string> {
  const [, by = ''] = /\bby \(([^)]*)\)/.exec(expr) ?? [];
  const names = by.split(',').map((name) => name.trim());
  return Object.fromEntries(Object.entries(labels).filter(([name]) => names.includes(name)));
}

/** A value with which the test does not hold. */
function well(test: Test): number {
  if ('above' in test) {
    return Math.min(0, test.above);
  }
  if ('below' in test) {
    return test.below + 1;
  }
  return 'isNot' in test ? Number(test.isNot) : -1;
}
