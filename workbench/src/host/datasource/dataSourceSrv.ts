import type { DataSourceApi, DataSourceInstanceSettings, DataSourceRef, ScopedVars } from '@grafana/data';
import { config, getTemplateSrv, type DataSourceSrv, type GetDataSourceListFilters } from '@grafana/runtime';
import { LokiDataSource } from './loki';
import { PrometheusDataSource } from './prometheus';

type DataSourceClass = new (settings: DataSourceInstanceSettings) => DataSourceApi;
type Reference = DataSourceRef | string | null;

const classes: Record<string, DataSourceClass> = {
  prometheus: PrometheusDataSource as unknown as DataSourceClass,
  loki: LokiDataSource as unknown as DataSourceClass,
};

/** The data sources of the server's provisioning, by uid, by name, or through a variable. */
export class WorkbenchDataSourceSrv implements DataSourceSrv {
  private readonly instances = new Map<string, DataSourceApi>();

  async get(reference?: Reference, scopedVars?: ScopedVars): Promise<DataSourceApi> {
    const settings = this.getInstanceSettings(reference, scopedVars);
    if (!settings) {
      const name = typeof reference === 'string' ? reference : reference?.uid;
      throw new Error(`Datasource ${name ?? ''} was not found`);
    }
    const known = this.instances.get(settings.uid);
    if (known) {
      return known;
    }
    const DataSource = classes[settings.type];
    if (!DataSource) {
      throw new Error(`The workbench has no data source plugin of type ${settings.type}`);
    }
    const created = new DataSource(settings);
    created.meta = settings.meta;
    this.instances.set(settings.uid, created);
    return created;
  }

  getInstanceSettings(reference?: Reference, scopedVars?: ScopedVars): DataSourceInstanceSettings | undefined {
    const all = Object.values(config.datasources);
    const raw = typeof reference === 'string' ? reference : reference?.uid;
    const wanted = raw && getTemplateSrv().replace(raw, scopedVars);
    if (!wanted || wanted === 'default') {
      return all.find((each) => each.isDefault);
    }
    const found = all.find((each) => each.uid === wanted) ?? all.find((each) => each.name === wanted);
    return found && raw !== wanted ? { ...found, rawRef: { type: found.type, uid: found.uid } } : found;
  }

  getList(filters: GetDataSourceListFilters = {}): DataSourceInstanceSettings[] {
    const types = filters.type === undefined ? undefined : [filters.type].flat();
    return Object.values(config.datasources)
      .filter((each) => !filters.pluginId || each.meta.id === filters.pluginId)
      .filter((each) => !types || types.includes(each.type))
      .filter((each) => !filters.metrics || each.meta.metrics)
      .filter((each) => !filters.logs || each.meta.logs)
      .filter((each) => !filters.tracing || each.meta.tracing)
      .filter((each) => !filters.alerting || each.meta.alerting)
      .filter((each) => !filters.filter || filters.filter(each))
      .sort((a, b) => a.name.localeCompare(b.name));
  }

  reload(): void {}
  registerRuntimeDataSource(): void {}
}
