/**
 * The metrics that kube-state-metrics and cAdvisor would give, for an estate without a cluster. Every series says so with
 * the label `simulated="true"`; replicas, generations, restarts and memory are those of the real processes.
 */
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { Gauge, Registry } from 'prom-client';

const MEMORY_LIMIT_BYTES = 512 * 1024 * 1024;
/** The kernel hands out CPU time in periods of 100 ms. */
const CFS_PERIODS_A_SECOND = 10;

/** What Kubernetes makes hashes and ends of names of. */
const SAFE_LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

/** What is known of a deployment of one container a pod. */
export interface ObservedDeployment {
  readonly deployment: string;
  readonly namespace: string;
  readonly replicas: number;
  readonly available: number;
  /** Of the specification. */
  readonly generation: number;
  /** That of the pod, which a roll-out replaces later; the same unless told. */
  readonly podGeneration?: number;
  readonly restarts: number;
  /** Why its last process ended before it was started again, in the words of Kubernetes (`Error`, `OOMKilled`). */
  readonly lastTerminatedReason?: string;
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
  const reason = gauge('kube_pod_container_status_last_terminated_reason', 'Why the container last ended', [
    ...ofContainer,
    'reason',
  ]);
  const periods = gauge('container_cpu_cfs_periods_total', 'Periods in which the CPU limit was looked at', ofContainer);
  const throttled = gauge('container_cpu_cfs_throttled_periods_total', 'Those in which it was reached', ofContainer);
  for (const each of deployments) {
    const { namespace, deployment } = each;
    const owner = { namespace, deployment };
    specReplicas.set(owner, each.replicas);
    available.set(owner, each.available);
    generation.set(owner, each.generation);
    observed.set(owner, each.generation);
    const pod = { namespace, pod: podName(deployment, each.podGeneration ?? each.generation), container: deployment };
    restarts.set(pod, each.restarts);
    if (each.lastTerminatedReason !== undefined) {
      reason.set({ ...pod, reason: each.lastTerminatedReason }, 1);
    }
    if (each.residentBytes !== undefined) {
      memory.set(pod, each.residentBytes);
      limit.set(pod, MEMORY_LIMIT_BYTES);
      // The processes have no CPU limit here, so nothing is ever held back.
      periods.set(pod, Math.floor(process.uptime() * CFS_PERIODS_A_SECOND));
      throttled.set(pod, 0);
    }
  }
  return registry.metrics();
}

/** A name as a Deployment gives it: a new one with every roll-out, `<deployment>-<hash of the template>-<five characters>`. */
function podName(deployment: string, generation: number): string {
  const text = createHash('sha256').update(`${deployment} ${generation}`).digest();
  const letters = [...text].map((byte) => SAFE_LETTERS[byte % SAFE_LETTERS.length]).join('');
  return `${deployment}-${letters.slice(0, 9)}-${letters.slice(9, 14)}`;
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
