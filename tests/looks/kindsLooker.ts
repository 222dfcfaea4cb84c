/**
 * Evaluates a Grafana (or the workbench) by the kinds alone: what a fresh installation sees that knows a Prometheus and the
 * diagnostics service, and no pack. Components are discovered once, when it is opened.
 */
import {
  claimsOf,
  diagnose,
  discover,
  discoveryQueries,
  instantiate,
  judgeAll,
  plan,
  rolesOf,
  triage,
  type DiscoveredEstate,
  type Plan,
  type Reading,
  type Seen,
  type Triage,
} from '@live-runbooks/engine';
import type { Sources } from '@live-runbooks/sources';
import { lastValueFrom, toArray } from 'rxjs';
import { SHIPPED_KINDS } from '../packs/shippedPacks';
import { openSources } from './grafanaSources';

/** Parameters of any kind that say how closely one looks. */
const TIMES: readonly string[] = ['window', 'scrape', 'rollout', 'deploy_lookback', 'baseline', 'hold'];

export interface KindsLooker {
  readonly estate: DiscoveredEstate;
  /** Triage of everything that was discovered. What fails is an unknown outcome. */
  look(): Promise<Triage>;
}

/** Errors: the Grafana does not answer. */
export async function openKindsLooker(grafana: string): Promise<KindsLooker> {
  const { settings, sources } = await openSources(grafana);
  const kinds = [...SHIPPED_KINDS.values()];
  const queries = discoveryQueries(kinds);
  const found = await ask(sources, { queries, requests: [{ source: 'prometheus', queries }], unplanned: [] });
  const [service] = await sources.health(new AbortController().signal, ['diagnostics']);
  const estate = discover(kinds, found.readings, service?.targets ?? [], claimsOf([]), {});
  // The demo scrapes every second or two, and its windows are short; a component that is its own would have the defaults.
  const times = Object.fromEntries(
    Object.entries(settings.params?.gorax ?? {}).filter(([name]) => TIMES.includes(name))
  );
  const bounds = estate.components.map((component) =>
    instantiate(component, SHIPPED_KINDS, { defaults: times, roles: rolesOf(component, estate, SHIPPED_KINDS) })
  );
  const planned = plan(bounds);
  return {
    estate,
    async look() {
      const { readings, seen } = await ask(sources, planned);
      const now = Date.now();
      const outcomes = judgeAll(bounds, planned, readings, now);
      const diagnoses = bounds.flatMap((bound) =>
        bound.pack.runbooks.map(({ id }) => diagnose(bound, id, outcomes, now))
      );
      return triage(bounds, diagnoses, outcomes, now, seen, estate);
    },
  };
}

async function ask(sources: Sources, planned: Plan): Promise<{ readings: ReadonlyMap<string, Reading>; seen: Seen }> {
  const answers = await lastValueFrom(sources.evaluate(planned, { everything: true }).pipe(toArray()));
  const readings = new Map<string, Reading>();
  let seen: Seen = { rounds: [], alerts: [], unread: [] };
  for (const answer of answers) {
    if ('query' in answer) {
      readings.set(answer.query, answer.reading);
    } else if (answer.beside === 'rounds') {
      seen = { ...seen, rounds: answer.rounds, unread: [...seen.unread, ...answer.unread] };
    } else {
      seen = { ...seen, alerts: answer.alerts, unread: [...seen.unread, ...answer.unread] };
    }
  }
  return { readings, seen };
}
