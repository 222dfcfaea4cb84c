import type { DataSource } from '../provisioning/dataSources';
import { goDuration, parseDuration } from './duration';
import { seriesFrame, type Frame, type QueryResult, type Series } from './frame';
import { seriesName } from './legend';
import { expandMacros } from './macros';
import { smallestStep, stepOf } from './step';
import type { TimeRange } from './timeRange';
import { askUpstream } from './upstream';

export interface PrometheusTarget {
  refId: string;
  expr?: string;
  instant?: boolean;
  range?: boolean;
  interval?: string;
  intervalMs?: number;
  maxDataPoints?: number;
  legendFormat?: string;
}

type Sample = [seconds: number, value: string];
interface PrometheusAnswer {
  status: 'success' | 'error';
  errorType?: string;
  error?: string;
  data?: {
    resultType: string;
    result: Array<{ metric: Record<string, string>; value?: Sample; values?: Sample[] }> | Sample;
  };
}

type Kind = 'range' | 'instant';

class BadQuery extends Error {
  constructor(
    message: string,
    readonly status: number
  ) {
    super(message);
  }
}

/** Asks Prometheus for one target: a range, an instant at `to`, or first the one and then the other. */
export async function queryPrometheus(
  target: PrometheusTarget,
  range: TimeRange,
  source: DataSource,
  signal?: AbortSignal
): Promise<QueryResult> {
  const timeInterval = source.jsonData['timeInterval'] as string | undefined;
  const stepOptions = {
    ...range,
    timeInterval,
    interval: target.interval,
    intervalMs: target.intervalMs,
    maxDataPoints: target.maxDataPoints,
  };
  const stepMs = stepOf(stepOptions);
  const scrapeMs = parseDuration(timeInterval) ?? smallestStep({ ...range });
  const expr = expandMacros(target.expr ?? '', { stepMs, scrapeMs, rangeMs: range.to - range.from });
  const executed = { executedQueryString: `Expr: ${expr}\nStep: ${goDuration(stepMs)}` };
  const custom = { calculatedMinStep: stepMs };
  const empty: Frame = {
    schema: { refId: target.refId, meta: { typeVersion: [0, 0], custom, ...executed }, fields: [] },
    data: { values: [] },
  };
  const kinds: Kind[] = [
    ...(target.range || !target.instant ? ['range' as const] : []),
    ...(target.instant ? ['instant' as const] : []),
  ];
  const frames: Frame[] = [];
  try {
    for (const kind of kinds) {
      const { resultType, series } = await ask(kind, expr, range, stepMs, source, signal);
      const meta = {
        type: kind === 'range' ? 'timeseries-multi' : 'numeric-multi',
        typeVersion: [0, 1],
        custom: { ...custom, resultType },
        ...executed,
      };
      for (const each of series) {
        frames.push(
          seriesFrame(each, {
            refId: target.refId,
            meta,
            valueName: each.labels['__name__'] ?? 'Value',
            displayName: seriesName(target.legendFormat, each.labels, expr),
            interval: stepMs,
          })
        );
      }
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof BadQuery) {
      return { error: message, errorSource: 'downstream', status: error.status, frames: [...frames, empty] };
    }
    return { error: message, errorSource: 'downstream', status: 502, ...(frames.length > 0 ? { frames } : {}) };
  }
  return { status: 200, frames: frames.length > 0 ? frames : [empty] };
}

async function ask(
  kind: Kind,
  expr: string,
  { from, to }: TimeRange,
  stepMs: number,
  source: DataSource,
  signal?: AbortSignal
) {
  const form = new URLSearchParams({ query: expr });
  if (kind === 'range') {
    form.set('start', String((Math.floor(from / stepMs) * stepMs) / 1000));
    form.set('end', String((Math.floor(to / stepMs) * stepMs) / 1000));
    form.set('step', String(stepMs / 1000));
  } else {
    form.set('time', String(to / 1000));
  }
  const url = new URL(`${source.url}/api/v1/${kind === 'range' ? 'query_range' : 'query'}`);
  const answer = await askUpstream('POST', url, { body: form, signal });
  const body = answer.body as PrometheusAnswer | undefined;
  if (body?.status !== 'success' || !body.data) {
    const known = body?.errorType
      ? `${body.errorType}: ${body.error ?? ''}`
      : `unexpected response with status code ${answer.status}: ${answer.text.slice(0, 200)}`;
    throw new BadQuery(known, answer.ok ? 500 : answer.status);
  }
  return { resultType: body.data.resultType, series: seriesOf(body.data) };
}

function seriesOf({ resultType, result }: NonNullable<PrometheusAnswer['data']>): Series[] {
  const point = ([seconds, value]: Sample): [number, string] => [Math.round(seconds * 1000), value];
  if (resultType === 'scalar' || resultType === 'string') {
    return [{ labels: {}, points: [point(result as Sample)] }];
  }
  return (result as Array<{ metric: Record<string, string>; value?: Sample; values?: Sample[] }>).map(
    ({ metric, value, values }) => ({
      labels: metric,
      points: (values ?? (value ? [value] : [])).map(point),
    })
  );
}
