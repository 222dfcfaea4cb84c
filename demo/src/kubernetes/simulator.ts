/**
 * The metrics that kube-state-metrics and cAdvisor would give, for an estate without a cluster. Every series says so with
 * the label `simulated="true"`; replicas, generations, restarts and memory are those of the real processes.
 */
import { createServer, type Server } from 'node:http';
import { Gauge, Registry } from 'prom-client';

const MEMORY_LIMIT_BYTES = 512 * 1024 * 1024;

/** What is known of a deployment of one container a pod. */
export interface ObservedDeployment {
  readonly deployment: string;
  readonly namespace: string;
  readonly replicas: number;
  readonly available: number;
  readonly generation: number;
  readonly restarts: number;
  /** Memory of the running process; without one there is no pod to speak of. */
  readonly residentBytes?: number;
}

/** The exposition at this moment. */
function kubernetesMetrics(deployments: readonly ObservedDeployment[]): Promise<string> {
  const registry = new Registry();
  registry.setDefaultLabels({ simulated: 'true' });
  const gauge = (name: string, help: string, labelNames: readonly string[]): Gauge =>
    new Gauge({ name, help, labelNames: [...labelNames], registers: [registry] });
  const ofDeployment = ['namespace', 'deployment'];
  const ofContainer = ['namespace', 'pod', 'container'];
  const specReplicas = gauge('kube_deployment_spec_replicas', 'Desired replicas', ofDeployment);
  const available = gauge('kube_deployment_status_replicas_available', 'Available replicas', ofDeployment);
  const generation = gauge('kube_deployment_metadata_generation', 'Generation of the specification', ofDeployment);
  const observed = gauge('kube_deployment_status_observed_generation', 'Generation that is rolled out', ofDeployment);
  const restarts = gauge('kube_pod_container_status_restarts_total', 'Restarts after a crash', ofContainer);
  const memory = gauge('container_memory_working_set_bytes', 'Working set', ofContainer);
  const limit = gauge('container_spec_memory_limit_bytes', 'Memory limit', ofContainer);
  for (const each of deployments) {
    const { namespace, deployment } = each;
    const owner = { namespace, deployment };
    specReplicas.set(owner, each.replicas);
    available.set(owner, each.available);
    generation.set(owner, each.generation);
    observed.set(owner, each.generation);
    const pod = { namespace, pod: `${deployment}-0`, container: deployment };
    restarts.set(pod, each.restarts);
    if (each.residentBytes !== undefined) {
      memory.set(pod, each.residentBytes);
      limit.set(pod, MEMORY_LIMIT_BYTES);
    }
  }
  return registry.metrics();
}

/** Serves them at `/metrics`, on loopback unless told otherwise. */
export function serveKubernetes(
  port: number,
  deployments: () => readonly ObservedDeployment[],
  host = '127.0.0.1'
): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    kubernetesMetrics(deployments()).then(
      (text) => response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(text),
      (error: Error) => response.writeHead(500).end(error.message)
    );
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}
