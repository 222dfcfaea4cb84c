/** Recorded exchanges with Grafana 12.2.0 (`tests/contracts/recorded/`), and the plans that would have asked them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastValueFrom, toArray } from 'rxjs';
import type { Plan, PlannedQuery, Reading } from '@live-runbooks/engine';
import {
  createSources,
  type Answer,
  type Ask,
  type AskRequest,
  type Beside,
  type SourceOptions,
  type Sources,
} from '../src';

const FOLDER = join(import.meta.dirname, '../../tests/contracts/recorded/grafana-12.2.0');

export interface Recorded {
  readonly request: {
    readonly body?: { readonly to: string; readonly queries: ReadonlyArray<{ refId: string; expr: string }> };
  };
  readonly response: Answer;
}

export function recorded(name: string): Recorded {
  return JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as Recorded;
}

export const NOW = 1_795_288_459_000;
export const PLUGIN = 'liverunbooks-troubleshooting-app';

export function planned(query: Partial<PlannedQuery> & Pick<PlannedQuery, 'id' | 'source'>): PlannedQuery {
  return { expr: '', cost: 1, signals: [`gorax/${query.id}`], ...query };
}

export function planOf(...queries: PlannedQuery[]): Plan {
  return { queries, requests: [], unplanned: [] };
}

/** Answers every request with what `answer` says, and keeps the requests. */
export function fakeAsk(answer: (request: AskRequest) => Answer | Promise<Answer>): Ask & { requests: AskRequest[] } {
  const requests: AskRequest[] = [];
  return Object.assign(
    async (request: AskRequest) => {
      requests.push(request);
      return answer(request);
    },
    { requests }
  );
}

export function sourcesWith(ask: Ask, more: Partial<SourceOptions> = {}): Sources {
  return createSources({
    ask,
    prometheusUid: 'prometheus',
    lokiUid: 'loki',
    pluginId: PLUGIN,
    now: () => NOW,
    ...more,
  });
}

/** The readings of a plan by query id; fails when a query has two. */
export async function readingsOf(sources: Sources, plan: Plan, at?: number): Promise<Record<string, Reading>> {
  const all = await lastValueFrom(sources.evaluate(plan, { at }).pipe(toArray()));
  const byId: Record<string, Reading> = {};
  for (const told of all) {
    if ('beside' in told) {
      throw new Error(`nobody asked for the ${told.beside} beside the queries`);
    }
    const { query, reading } = told;
    if (query in byId) {
      throw new Error(`two readings of ${query}`);
    }
    byId[query] = reading;
  }
  return byId;
}

/** What an evaluation of everything tells of one part beside its queries; fails when it tells it twice or not at all. */
export async function besideOf<T extends Beside['beside']>(
  sources: Sources,
  part: T,
  at?: number
): Promise<Extract<Beside, { beside: T }>> {
  const all = await lastValueFrom(sources.evaluate(planOf(), { at, everything: true }).pipe(toArray()));
  const [found, ...more] = all.filter(
    (told): told is Extract<Beside, { beside: T }> => 'beside' in told && told.beside === part
  );
  if (found === undefined || more.length > 0) {
    throw new Error(`${part} was told ${found === undefined ? 'not at all' : 'twice'}`);
  }
  return found;
}

/** The targets of a request to /api/ds/query. */
export function targetsOf(request: AskRequest): ReadonlyArray<Record<string, unknown>> {
  return (request.body as { queries: ReadonlyArray<Record<string, unknown>> }).queries;
}

/** A good answer of /api/ds/query: one sample of this value for each target. */
export function answerEach(request: AskRequest, value: number): Answer {
  return {
    status: 200,
    body: {
      results: Object.fromEntries(
        targetsOf(request).map((target) => [target.refId, { status: 200, frames: [frame(value)] }])
      ),
    },
  };
}

export function frame(value: number | null, labels: Record<string, string> = {}, time = NOW): object {
  return {
    schema: {
      meta: { type: 'numeric-multi' },
      fields: [
        { name: 'Time', type: 'time' },
        { name: 'Value', type: 'number', labels },
      ],
    },
    data: { values: [[time], [value]] },
  };
}
