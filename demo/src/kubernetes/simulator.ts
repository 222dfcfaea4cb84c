/**
 * The metrics that kube-state-metrics and cAdvisor would give, for an estate without a cluster. Every series says so with
 * the label `simulated="true"`; replicas, generations, restarts and memory are those of the real processes.
 */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { Gauge, Registry } from 'prom-client';
import type { DeploymentState } from '../estate/deployment';

const PAGE_BYTES = 4096;
const MEMORY_LIMIT_BYTES = 512 * 1024 * 1024;

/** Resident memory of a process in bytes; undefined once it has ended. */
function residentBytes(pid: number): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES;
  } catch {
    return undefined;
  }
}

/** The exposition at this moment. */
export function kubernetesMetrics(deployments: readonly DeploymentState[]): Promise<string> {
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
    const bytes = each.pid === undefined ? undefined : residentBytes(each.pid);
    if (bytes !== undefined) {
      memory.set(pod, bytes);
      limit.set(pod, MEMORY_LIMIT_BYTES);
    }
  }
  return registry.metrics();
}

/** Serves them at `/metrics` on loopback. */
export function serveKubernetes(port: number, deployments: () => readonly DeploymentState[]): Promise<Server> {
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
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
