/** Made-up series of n services and their deployments, as OpenMetrics with timestamps: OpenTelemetry HTTP and kube-state-metrics. */

const MINUTES = 12;
const STEP_S = 15;
const ROUTES = ['/cart', '/orders/:id'];
const BUCKETS = [0.05, 0.25, 1, 2.5, Infinity];

/** Name of the n-th service, its job and its deployment. */
export const nameOf = (index: number): string => `service-${index}`;

/** Samples until `now` (s since the epoch). One service in ten fails every fifth request, one in seven is slow. */
export function seriesOf(services: number, now: number): string {
  const lines: string[] = [];
  const times = Array.from({ length: (MINUTES * 60) / STEP_S }, (_, index) => now - MINUTES * 60 + index * STEP_S);
  const each = (
    name: string,
    labels: (index: number) => readonly string[],
    value: (index: number, at: number, row: number) => number
  ) => {
    for (let index = 0; index < services; index++) {
      labels(index).forEach((set, row) =>
        times.forEach((at, step) => lines.push(`${name}{${set}} ${value(index, step * STEP_S, row)} ${at}`))
      );
    }
  };
  const job = (index: number) => `job="${nameOf(index)}"`;
  const failing = (index: number) => index % 10 === 3;
  const slow = (index: number) => index % 7 === 2;
  lines.push('# TYPE http_server_request_duration_seconds histogram');
  const sets = (index: number) =>
    ROUTES.flatMap((route) =>
      ['200', '500'].map((code) => `${job(index)},http_route="${route}",http_response_status_code="${code}"`)
    );
  const perSecond = (index: number, row: number) => (row % 2 === 0 ? 4 : failing(index) ? 1 : 0);
  each(
    'http_server_request_duration_seconds_bucket',
    (index) => sets(index).flatMap((set) => BUCKETS.map((le) => `${set},le="${le === Infinity ? '+Inf' : le}"`)),
    (index, at, row) => {
      const le = BUCKETS[row % BUCKETS.length] ?? Infinity;
      const share = slow(index) ? (le < 2.5 ? 0.1 : 1) : le < 0.25 ? 0.5 : 1;
      return Math.round(perSecond(index, Math.floor(row / BUCKETS.length)) * at * share);
    }
  );
  each('http_server_request_duration_seconds_count', sets, (index, at, row) => perSecond(index, row) * at);
  const deployment = (index: number) => [`namespace="shop",deployment="${nameOf(index)}"`];
  const pods = (index: number) =>
    [0, 1].map((pod) => `namespace="shop",pod="${nameOf(index)}-5d8f7c9b6d-abc${pod + 2}x",container="app"`);
  for (const [name, value] of [
    ['kube_deployment_spec_replicas', 2],
    ['kube_deployment_status_replicas_available', 2],
    ['kube_deployment_metadata_generation', 3],
  ] as const) {
    lines.push(`# TYPE ${name} gauge`);
    each(name, deployment, () => value);
  }
  lines.push('# TYPE kube_pod_container_status_restarts gauge');
  lines.push('# TYPE kube_pod_container_status_restarts_total gauge');
  each('kube_pod_container_status_restarts_total', pods, () => 0);
  lines.push('# TYPE container_memory_working_set_bytes gauge');
  each('container_memory_working_set_bytes', pods, () => 200e6);
  lines.push('# TYPE container_spec_memory_limit_bytes gauge');
  each('container_spec_memory_limit_bytes', pods, () => 500e6);
  lines.push('# TYPE process_cpu_seconds gauge', '# TYPE process_cpu_seconds_total gauge');
  each(
    'process_cpu_seconds_total',
    (index) => [job(index)],
    (_, at) => at * 0.2
  );
  lines.push('# EOF', '');
  return lines.join('\n');
}
