interface DataSourceType {
  name: string;
  logo: string;
  /** Where its HTTP API for rules begins. */
  rulesPath: string;
  /** Where the paths of `resources/…` lead: Grafana's Loki takes `labels` for `loki/api/v1/labels`. */
  resourcesPath: string;
  logs: boolean;
}

const types: Record<string, DataSourceType> = {
  prometheus: { name: 'Prometheus', logo: 'prometheus_logo', rulesPath: '/api/v1', resourcesPath: '', logs: false },
  loki: { name: 'Loki', logo: 'loki_icon', rulesPath: '/prometheus/api/v1', resourcesPath: '/loki/api/v1', logs: true },
};

export const typeName = (type: string) => types[type]?.name ?? type;
export const typeLogo = (type: string) => `public/plugins/${type}/img/${types[type]?.logo ?? type}.svg`;
export const rulesPath = (type: string) => types[type]?.rulesPath ?? '/api/v1';
export const resourcesPath = (type: string) => types[type]?.resourcesPath ?? '';

/** The part of a data source plugin's `meta` that other plugins look at. */
export function typeMeta(type: string) {
  const { name = type, logs = false } = types[type] ?? {};
  return {
    id: type,
    type: 'datasource',
    name,
    info: { logos: { small: typeLogo(type), large: typeLogo(type) } },
    module: `core:plugin/${type}`,
    baseUrl: `public/plugins/${type}`,
    backend: true,
    metrics: true,
    alerting: true,
    annotations: true,
    tracing: false,
    logs,
  };
}
