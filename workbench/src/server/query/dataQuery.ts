import type { DataSource } from '../provisioning/dataSources';
import type { QueryResult } from './frame';
import { queryLoki, type LokiTarget } from './loki';
import { queryPrometheus, type PrometheusTarget } from './prometheus';
import { parseTimeRange, type TimeRange } from './timeRange';

interface DataQueryRequest {
  queries?: Array<Partial<PrometheusTarget & LokiTarget> & { datasource?: { uid?: string } | string }>;
  from?: unknown;
  to?: unknown;
}

interface DataQueryAnswer {
  status: number;
  body: { results: Record<string, QueryResult> } | { message: string };
}

/**
 * Answers `POST /api/ds/query`. One target that fails turns the whole answer into HTTP 400 and keeps the good frames;
 * an unknown data source is a 404 for all. The signal ends the requests to the data sources.
 */
export async function answerDataQuery(
  request: DataQueryRequest,
  sources: DataSource[],
  now: number,
  signal?: AbortSignal
): Promise<DataQueryAnswer> {
  const { queries = [] } = request;
  if (queries.length === 0) {
    return { status: 400, body: { message: 'No queries found in query' } };
  }
  const range = parseTimeRange(request.from, request.to, now);
  const planned: Array<{ query: PrometheusTarget & LokiTarget; source: DataSource }> = [];
  for (const { datasource, refId = 'A', ...query } of queries) {
    const uid = typeof datasource === 'string' ? datasource : datasource?.uid;
    const source = sources.find((each) => each.uid === uid);
    if (!source) {
      return { status: 404, body: { message: 'Data source not found' } };
    }
    planned.push({ query: { ...query, refId }, source });
  }
  const answers = await Promise.all(
    planned.map(async ({ query, source }) => [query.refId, await queryOne(query, range, source, signal)] as const)
  );
  const results = Object.fromEntries(answers.sort(([a], [b]) => (a < b ? -1 : 1)));
  const failed = Object.values(results).some((result) => result.error !== undefined);
  return { status: failed ? 400 : 200, body: { results } };
}

function queryOne(
  query: PrometheusTarget & LokiTarget,
  range: TimeRange,
  source: DataSource,
  signal?: AbortSignal
): Promise<QueryResult> {
  return source.type === 'loki'
    ? queryLoki(query, range, source, signal)
    : queryPrometheus(query, range, source, signal);
}
