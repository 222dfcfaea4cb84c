import type { DataQuery, DataQueryRequest, ScopedVars } from '@grafana/data';
import { DataSourceWithBackend, getTemplateSrv } from '@grafana/runtime';
import { escapeVariable } from './escape';

interface LokiQuery extends DataQuery {
  expr: string;
  legendFormat?: string;
  queryType?: 'range' | 'instant';
  maxLines?: number;
  direction?: 'backward' | 'forward';
}

/** Loki as a plugin sees it; the server translates to Loki's HTTP API, as Grafana's backend does. */
export class LokiDataSource extends DataSourceWithBackend<LokiQuery> {
  override filterQuery(query: LokiQuery): boolean {
    return Boolean(query.expr);
  }

  override query(request: DataQueryRequest<LokiQuery>) {
    const { __interval, __interval_ms, ...scopedVars } = request.scopedVars;
    return super.query({ ...request, scopedVars });
  }

  override applyTemplateVariables(query: LokiQuery, scopedVars: ScopedVars): LokiQuery {
    const { expr, legendFormat = '' } = query;
    return {
      ...query,
      expr: getTemplateSrv().replace(expr, scopedVars, escapeVariable),
      legendFormat: getTemplateSrv().replace(legendFormat, scopedVars),
    };
  }
}
