/** A small estate of two kinds: services that need databases. */
import {
  diagnose,
  instantiate,
  triage,
  type Arrow,
  type BoundPack,
  type Component,
  type Estate,
  type Fading,
  type Kind,
  type Outcome,
  type OutcomeMap,
  type RunbookDiagnosis,
  type Triage,
} from '../../src/index';
import { absent, cause, evidence, NOW, pack, runbook, signal } from '../makePack';

const selector = (title: string) => ({ title, kind: 'selector', required: true }) as const;

/** Any service: it fails or is slow, for a version of its own or for no reason of its own. */
export const SERVICE: Kind = {
  id: 'service',
  title: 'Service',
  identity: { scope: 'api', labels: ['job'], optional: ['namespace'], params: {} },
  dialects: { plain: { title: 'Plain', discover: 'group by ({{by}}) (up)', name: '{{job}}', set: {} } },
  signals: ['errors', 'slow', 'bad-version', 'busy', 'retries'],
  pack: pack(
    [
      runbook(
        'errors',
        ['errors'],
        [
          cause('bad-version', [evidence('bad-version', 'strong', '-strong'), evidence('errors', 'weak')], {
            effects: ['errors'],
          }),
          cause('busy', [evidence('busy', 'moderate', '-strong'), evidence('errors', 'weak')], { effects: ['errors'] }),
        ]
      ),
      runbook(
        'latency',
        ['slow'],
        [
          cause('busy', [evidence('busy', 'moderate', '-strong'), evidence('slow', 'weak')], { effects: ['latency'] }),
          cause('storm', [evidence('retries', 'decisive', '-decisive')], {
            effects: ['latency'],
            presses: [{ kind: 'database', effect: 'latency' }],
          }),
        ]
      ),
    ],
    [
      signal('errors', { effect: 'errors', query: asked('sum by ({{api | labels}}) (rate(failed{ {{api}} }[5m]))') }),
      signal('slow', { effect: 'latency', query: asked('max by ({{api | labels}}) (p95{ {{api}} })') }),
      signal('bad-version', { query: asked('max by ({{api | labels}}) (version{ {{api}} })') }),
      signal('retries', { query: asked('max by ({{api | labels}}) (retries{ {{api}} })') }),
      signal('busy', { query: asked('max by ({{api | labels}}) (cpu{ {{api}} })') }),
    ],
    { api: { ...selector('Series of the service'), identity: ['job', 'namespace'] } }
  ),
};

/** Any database: its sessions wait, or it is down. */
export const DATABASE: Kind = {
  id: 'database',
  title: 'Database',
  identity: { scope: 'exporter', labels: ['instance'], optional: [], params: {} },
  dialects: { plain: { title: 'Plain', discover: 'group by ({{by}}) (db_up)', name: '{{instance}}', set: {} } },
  target: { kind: 'postgres', param: 'target' },
  signals: ['waiting', 'holder', 'down', 'refused'],
  pack: pack(
    [
      runbook(
        'locks',
        ['waiting'],
        [cause('holder', [evidence('holder', 'decisive', '-decisive')], { effects: ['latency', 'errors'] })]
      ),
      runbook(
        'unavailable',
        ['down'],
        [cause('stopped', [evidence('refused', 'decisive', '-decisive')], { effects: ['unavailable'] })]
      ),
    ],
    [
      signal('waiting', {
        effect: 'latency',
        query: asked('max by ({{exporter | labels}}) (waiting{ {{exporter}} })'),
      }),
      signal('holder', { query: asked('max by ({{exporter | labels}}) (holder{ {{exporter}} })') }),
      signal('down', {
        effect: 'unavailable',
        query: asked('max by ({{exporter | labels}}) (db_up{ {{exporter}} })'),
        test: { below: 1 },
      }),
      signal('refused', {
        query: {
          source: 'diagnostics',
          check: 'postgres.availability',
          target: '{{target}}',
          read: { field: 'class' },
        },
        test: { is: 'refused' },
      }),
    ],
    {
      exporter: { ...selector('Series of the exporter'), identity: ['instance'] },
      target: { title: 'Target of the diagnostics service', kind: 'value', required: true },
    }
  ),
};

/** Any deployment: its pods restart, and their series do not name it. */
export const WORKLOAD: Kind = {
  id: 'workload',
  title: 'Workload',
  identity: { scope: 'workload', labels: ['namespace', 'deployment'], optional: [], params: {} },
  dialects: { plain: { title: 'Plain', discover: 'group by ({{by}}) (replicas)', name: '{{deployment}}', set: {} } },
  signals: ['restarts'],
  pack: pack(
    [runbook('restarting', ['restarts'], [])],
    [
      signal('restarts', {
        effect: 'errors',
        query: asked(
          'sum by ({{workload | labels}}) (label_replace(restarts{ {{workload | pods}} }, "deployment", "$1", "pod", "{{workload | podName}}"))'
        ),
      }),
    ],
    { workload: { ...selector('Series of the deployment'), identity: ['namespace', 'deployment'] } }
  ),
};

function asked(expr: string) {
  return { source: 'prometheus', expr } as const;
}

export const KINDS: ReadonlyMap<string, Kind> = new Map([SERVICE, DATABASE, WORKLOAD].map((kind) => [kind.id, kind]));

export const service = (id: string, more: Readonly<Record<string, string>> = {}): Component => ({
  ...{ id, title: id, origin: 'discovered', adopted: true },
  kinds: [{ kind: 'service', dialect: 'plain', is: { job: id, ...more }, with: {} }],
});

export const database = (id: string, target: string | undefined = `${id}-target`): Component => ({
  ...{ id, title: id, origin: 'discovered', adopted: true },
  kinds: [
    { kind: 'database', dialect: 'plain', is: { instance: `${id}:9187` }, with: target === '' ? {} : { target } },
  ],
});

export const workload = (deployment: string, namespace: string): Component => ({
  ...{ id: `${namespace}/${deployment}`, title: deployment, origin: 'discovered', adopted: true },
  kinds: [{ kind: 'workload', dialect: 'plain', is: { namespace, deployment }, with: {} }],
});

export const arrow = (from: string, to: string, more: Partial<Arrow> = {}): Arrow => ({
  ...{ from, to, origin: 'declared' },
  ...more,
});

export const boundsOf = ({ components }: Estate): BoundPack[] =>
  components.map((component) => instantiate(component, KINDS));

/** Outcomes by component; every signal that is not given is absent. */
export function outcomesOf(estate: Estate, given: Readonly<Record<string, readonly Outcome[]>>): OutcomeMap {
  const all = new Map<string, Outcome>();
  for (const { pack: made } of boundsOf(estate)) {
    Object.keys(made.signals).forEach((id) => all.set(`${made.id}/${id}`, absent(id)));
    given[made.id]?.forEach((outcome) => all.set(`${made.id}/${outcome.signal}`, outcome));
  }
  return all;
}

/** Triage of the whole estate. */
export function triageOf(estate: Estate, given: Readonly<Record<string, readonly Outcome[]>>): Triage {
  return lookAt(estate, given).triage;
}

/** The diagnoses of all components, and their triage. */
export function lookAt(
  estate: Estate,
  given: Readonly<Record<string, readonly Outcome[]>>,
  fading?: readonly Fading[]
): { readonly diagnoses: RunbookDiagnosis[]; readonly triage: Triage } {
  const bounds = boundsOf(estate);
  const outcomes = outcomesOf(estate, given);
  const diagnoses = bounds.flatMap((bound) => bound.pack.runbooks.map(({ id }) => diagnose(bound, id, outcomes, NOW)));
  return { diagnoses, triage: triage(bounds, diagnoses, outcomes, NOW, undefined, estate, fading) };
}

/** Suspects as `<component>/<cause>`: those that lead, and those behind another. */
export function led({ suspects }: Triage): { readonly leads: string[]; readonly explained: string[] } {
  const name = ({ pack: component, cause: id }: Triage['suspects'][number]) => `${component}/${id}`;
  return {
    leads: suspects.filter(({ explainedBy }) => explainedBy === undefined).map(name),
    explained: suspects.filter(({ explainedBy }) => explainedBy !== undefined).map(name),
  };
}
