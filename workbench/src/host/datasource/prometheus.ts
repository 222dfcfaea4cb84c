import type {
  DataQueryRequest,
  DataSourceInstanceSettings,
  MetricFindValue,
  ScopedVars,
  TimeRange,
} from '@grafana/data';
import { DataSourceWithBackend, getTemplateSrv } from '@grafana/runtime';
import { map } from 'rxjs/operators';
import { escapeVariable } from './escape';
import type { PrometheusQuery } from './prometheusQuery';
import { toTables } from './tables';

interface FindOptions {
  scopedVars?: ScopedVars;
  range?: TimeRange;
}

/** Prometheus as a plugin sees it; the server translates to Prometheus' HTTP API, as Grafana's backend does. */
export class PrometheusDataSource extends DataSourceWithBackend<PrometheusQuery> {
  constructor(settings: DataSourceInstanceSettings) {
    super(settings);
    this.interval = (settings.jsonData as { timeInterval?: string }).timeInterval ?? '15s';
  }

  override filterQuery(query: PrometheusQuery): boolean {
    return Boolean(query.expr);
  }

  override query(request: DataQueryRequest<PrometheusQuery>) {
    // $__interval, $__rate_interval and $__range stay in the text: Grafana's backend fills them in, so the server does
    const { __interval, __interval_ms, ...scopedVars } = request.scopedVars;
    return super
      .query({ ...request, scopedVars })
      .pipe(map((response) => ({ ...response, data: toTables(response.data, request.targets) })));
  }

  override applyTemplateVariables(query: PrometheusQuery, scopedVars: ScopedVars): PrometheusQuery {
    const { expr, interval = '', legendFormat = '' } = query;
    return {
      ...query,
      expr: getTemplateSrv().replace(expr, scopedVars, escapeVariable),
      interval: getTemplateSrv().replace(interval, scopedVars),
      legendFormat: getTemplateSrv().replace(legendFormat, scopedVars),
      exemplar: false,
      utcOffsetSec: -new Date().getTimezoneOffset() * 60,
    };
  }

  /** `label_values([selector,] label)`, `label_names()` and `metrics(regex)`. */
  override async metricFindQuery(
    query: string | { query?: string },
    options: FindOptions = {}
  ): Promise<MetricFindValue[]> {
    const asked = typeof query === 'string' ? query : (query.query ?? '');
    const text = getTemplateSrv().replace(asked, options.scopedVars, 'regex');
    const within = options.range ? { start: options.range.from.unix(), end: options.range.to.unix() } : {};
    const labels = /^label_values\((?:(.+),\s*)?([a-zA-Z_]\w*)\)\s*$/.exec(text);
    if (labels) {
      const [, selector, label] = labels;
      return this.find(`api/v1/label/${label}/values`, selector ? { ...within, 'match[]': selector } : within);
    }
    if (/^label_names\(\)\s*$/.test(text)) {
      return this.find('api/v1/labels', within);
    }
    const metrics = /^metrics\((.*)\)\s*$/.exec(text);
    if (metrics) {
      const wanted = new RegExp(metrics[1] ?? '');
      return (await this.find('api/v1/label/__name__/values', within)).filter(({ text: name }) => wanted.test(name));
    }
    throw new Error(`The workbench does not know the variable query ${text}`);
  }

  private async find(path: string, params: Record<string, unknown>): Promise<Array<{ text: string }>> {
    const answer = await this.getResource<{ data: string[] }>(path, params);
    return answer.data.map((text) => ({ text }));
  }
}
