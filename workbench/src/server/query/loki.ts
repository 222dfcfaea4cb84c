import type { DataSource } from '../provisioning/dataSources';
import { seriesFrame, type Frame, type QueryResult, type Series } from './frame';
import { seriesName } from './legend';
import { logFrame, type LogStream } from './lokiLogs';
import { lokiStats } from './lokiStats';
import { expandMacros } from './macros';
import { stepOf } from './step';
import type { TimeRange } from './timeRange';
import { askUpstream } from './upstream';

export interface LokiTarget {
  refId: string;
  expr?: string;
  queryType?: string;
  maxLines?: number;
  direction?: string;
  intervalMs?: number;
  maxDataPoints?: number;
  legendFormat?: string;
}

type Sample = [seconds: number, value: string];
interface LokiAnswer {
  data?: {
    resultType: 'streams' | 'matrix' | 'vector' | 'scalar';
    result: unknown;
    stats?: Record<string, unknown>;
  };
}

const DEFAULT_LINES = 1000;
/** Loki has no scrape interval; Grafana's smallest step for it is one second. */
const SMALLEST_STEP = '1s';

/** Asks Loki for one target: log lines or a metric over the range, or a metric at `to`. */
export async function queryLoki(
  target: LokiTarget,
  range: TimeRange,
  source: DataSource,
  signal?: AbortSignal
): Promise<QueryResult> {
  const stepMs = stepOf({
    ...range,
    timeInterval: SMALLEST_STEP,
    intervalMs: target.intervalMs,
    maxDataPoints: target.maxDataPoints,
  });
  const expr = expandMacros(target.expr ?? '', { stepMs, scrapeMs: stepMs, rangeMs: range.to - range.from });
  try {
    const answer = await askUpstream('GET', queryUrl(target, expr, range, stepMs, source), {
      headers: { 'X-Loki-Response-Encoding-Flags': 'categorize-labels' },
      signal,
    });
    const data = (answer.body as LokiAnswer | undefined)?.data;
    if (!answer.ok || !data) {
      return { error: reasonOf(answer.body) ?? answer.text.trim(), errorSource: 'downstream', status: 500 };
    }
    const frames = framesOf(target, expr, data);
    return frames.length > 0 ? { status: 200, frames } : { status: 200 };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error), errorSource: 'downstream', status: 500 };
  }
}

function queryUrl(target: LokiTarget, expr: string, { from, to }: TimeRange, stepMs: number, source: DataSource): URL {
  const instant = target.queryType === 'instant';
  const url = new URL(`${source.url}/loki/api/v1/${instant ? 'query' : 'query_range'}`);
  const nanoseconds = (ms: number) => `${ms}000000`;
  url.searchParams.set('query', expr);
  url.searchParams.set('direction', target.direction ?? 'backward');
  url.searchParams.set('limit', String(target.maxLines ?? source.jsonData['maxLines'] ?? DEFAULT_LINES));
  if (instant) {
    url.searchParams.set('time', nanoseconds(to));
  } else {
    url.searchParams.set('start', nanoseconds(from));
    url.searchParams.set('end', nanoseconds(to));
    url.searchParams.set('step', `${stepMs}ms`);
  }
  return url;
}

function framesOf(target: LokiTarget, expr: string, data: NonNullable<LokiAnswer['data']>): Frame[] {
  const { refId, legendFormat } = target;
  const stats = lokiStats(data.stats);
  const executed = { executedQueryString: `Expr: ${expr}` };
  if (data.resultType === 'streams') {
    const frame = logFrame(refId, data.result as LogStream[], {
      typeVersion: [0, 0],
      custom: { frameType: 'LabeledTimeValues' },
      stats,
      ...executed,
    });
    return frame ? [frame] : [];
  }
  const type = data.resultType === 'matrix' ? 'timeseries-multi' : 'numeric-multi';
  return seriesOf(data).map((series, i) =>
    seriesFrame(series, {
      refId,
      // the statistics are of the whole query: only the first frame carries them
      meta: { type, typeVersion: [0, 1], ...(i === 0 ? { stats } : {}), ...executed },
      valueName: 'Value',
      displayName: seriesName(legendFormat, series.labels, '{}'),
    })
  );
}

function seriesOf({ resultType, result }: NonNullable<LokiAnswer['data']>): Series[] {
  const point = ([seconds, value]: Sample): [number, string] => [Math.round(seconds * 1000), value];
  if (resultType === 'scalar') {
    return [{ labels: {}, points: [point(result as Sample)] }];
  }
  return (result as Array<{ metric: Record<string, string>; value?: Sample; values?: Sample[] }>).map(
    ({ metric, value, values }) => ({
      labels: metric,
      points: (values ?? (value ? [value] : [])).map(point),
    })
  );
}

function reasonOf(body: unknown): string | undefined {
  const { message, error } = (body ?? {}) as { message?: string; error?: string };
  return message ?? error;
}
