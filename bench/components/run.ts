/**
 * What it costs to look at many components: 10, 100 and 500 services, each an HTTP service and a deployment, in a real Prometheus
 * filled with made-up series. Prints requests, queries, bytes and seconds, and how long the engine judges and ranks them.
 *
 * Fails when the requests grow with the components, the queries by more than ceil(n / 100), or the engine takes more than 10 ms
 * for 100 components in its least disturbed look, or five times the components more than eight times as long in the median (five
 * would be linear, and what is in the processor's caches for the fewer is not for the many).
 */
import {
  diagnose,
  instantiate,
  judgeAll,
  plan,
  triage,
  type Component,
  type Estate,
  type Reading,
} from '@live-runbooks/engine';
import { loadKinds } from '@live-runbooks/engine/authoring';
import { readPackFolder } from '../../cli/src/readPacks';
import { startPrometheus } from '../../workbench/tests/servers/prometheus';
import { nameOf, seriesOf } from './series';

const SIZES = [10, 100, 500] as const;
const BUDGET_MS = 10;
/** A page looks again for hours: its code is compiled by then. */
const BATCHES = 60;
/** As Grafana does: it has so many queries of one request under way at a time. */
const AT_A_TIME = 10;

const { kinds: loaded, problems } = loadKinds(readPackFolder('runbooks').files);
if (problems.length > 0) {
  throw new Error('the kinds do not load; see `npx tsx cli/src/main.ts lint runbooks`');
}
const kinds = new Map(loaded.map(({ kind }) => [kind.id, kind]));

function estateOf(services: number): Estate {
  const component = (index: number): Component => ({
    ...{ id: nameOf(index), title: nameOf(index), origin: 'discovered', adopted: true },
    kinds: [
      { kind: 'http-service', dialect: 'otel', is: { job: nameOf(index) }, with: {} },
      {
        kind: 'workload',
        dialect: 'kube-state-metrics',
        is: { namespace: 'shop', deployment: nameOf(index) },
        with: {},
      },
    ],
  });
  return {
    components: Array.from({ length: services }, (_, index) => component(index)),
    // Each service needs the one with half its number: a tree.
    arrows: Array.from({ length: services - 1 }, (_, index) => ({
      ...{ from: nameOf(index + 1), to: nameOf(Math.floor((index + 1) / 2)), origin: 'declared' },
    })),
  };
}

interface Cost {
  readonly services: number;
  readonly requests: number;
  readonly queries: number;
  readonly asked: number;
  readonly answered: number;
  readonly seconds: number;
  /** The least disturbed look. */
  readonly engineMs: number;
  readonly medianMs: number;
  readonly known: number;
}

async function costOf(services: number): Promise<Cost> {
  const now = Math.floor(Date.now() / 1000);
  const prometheus = await startPrometheus({ past: seriesOf(services, now) });
  try {
    const estate = estateOf(services);
    const bounds = estate.components.map((component) => instantiate(component, kinds));
    const planned = plan(bounds);
    const queries = planned.queries.filter(({ source }) => source === 'prometheus');
    const readings = new Map<string, Reading>();
    let answered = 0;
    const begun = performance.now();
    const waiting = [...queries];
    await Promise.all(
      Array.from({ length: AT_A_TIME }, async () => {
        for (let query = waiting.shift(); query !== undefined; query = waiting.shift()) {
          const body = new URLSearchParams({ query: query.expr, time: String(now - 1) });
          const text = await (await fetch(`${prometheus.url}/api/v1/query`, { method: 'POST', body })).text();
          answered += text.length;
          readings.set(query.id, readingOf(text));
        }
      })
    );
    const seconds = (performance.now() - begun) / 1000;
    const { engineMs, medianMs, known } = engineTime(estate, bounds, planned, readings);
    return {
      services,
      requests: planned.requests.length,
      queries: queries.length,
      asked: queries.reduce((sum, { expr }) => sum + expr.length, 0),
      answered,
      seconds,
      engineMs,
      medianMs,
      known,
    };
  } finally {
    await prometheus.stop();
  }
}

function readingOf(text: string): Reading {
  const { data, error } = JSON.parse(text) as {
    data?: { result: ReadonlyArray<{ metric: Record<string, string>; value: [number, string] }> };
    error?: string;
  };
  if (data === undefined) {
    throw new Error(`Prometheus refuses a query of the kinds: ${error}`);
  }
  const samples = data.result.map(({ metric, value }) => ({ value: Number(value[1]), labels: metric }));
  return { kind: 'samples', samples, askedAt: Date.now(), tookMs: 1 };
}

/** What several looks took, and how many signals were known. */
function engineTime(
  estate: Estate,
  bounds: Array<ReturnType<typeof instantiate>>,
  planned: ReturnType<typeof plan>,
  readings: ReadonlyMap<string, Reading>
): Pick<Cost, 'engineMs' | 'medianMs' | 'known'> {
  const took: number[] = [];
  let known = 0;
  for (let batch = 0; batch < BATCHES; batch++) {
    // Answers of their own: nothing may be remembered from the last look.
    const fresh = new Map([...readings].map(([id, reading]) => [id, { ...reading }]));
    const now = Date.now();
    const begun = performance.now();
    const outcomes = judgeAll(bounds, planned, fresh, now);
    const diagnoses = bounds.flatMap((bound) =>
      bound.pack.runbooks.map(({ id }) => diagnose(bound, id, outcomes, now))
    );
    const found = triage(bounds, diagnoses, outcomes, now, undefined, estate);
    took.push(performance.now() - begun);
    known = found.signals.known;
    if (found.suspects.length + found.unexplained.length === 0) {
      throw new Error('nothing was found: the benchmark measures nothing');
    }
  }
  took.sort((a, b) => a - b);
  return { engineMs: took[0] ?? NaN, medianMs: took[took.length >> 1] ?? NaN, known };
}

async function main(): Promise<void> {
  const costs: Cost[] = [];
  for (const services of SIZES) {
    const cost = await costOf(services);
    costs.push(cost);
    const { requests, queries, asked, answered, seconds, engineMs, medianMs, known } = cost;
    console.log(
      `components: ${2 * services} kinds at ${services} services: ${requests} requests, ${queries} queries, ${asked} bytes asked, ${answered} bytes answered in ${seconds.toFixed(2)} s; engine ${engineMs.toFixed(1)} ms (median ${medianMs.toFixed(1)}) for ${known} known signals`
    );
  }
  const [small, hundred, large] = costs as [Cost, Cost, Cost];
  const failures = [
    ...costs.flatMap(({ services, requests }) =>
      requests > small.requests
        ? [`${requests} requests at ${services} services, ${small.requests} at ${small.services}`]
        : []
    ),
    ...costs.flatMap(({ services, queries }) =>
      queries > small.queries * Math.ceil(services / 100) ? [`${queries} queries at ${services} services`] : []
    ),
    ...(!(hundred.engineMs <= BUDGET_MS)
      ? [`the engine takes ${hundred.engineMs.toFixed(1)} ms for 100 components (budget ${BUDGET_MS} ms)`]
      : []),
    ...(!(large.medianMs <= 8 * hundred.medianMs)
      ? [`five times the components take ${(large.medianMs / hundred.medianMs).toFixed(1)} times as long`]
      : []),
  ];
  failures.forEach((failure) => console.error(`components: ${failure}`));
  process.exitCode = failures.length > 0 ? 1 : 0;
}

void main();
