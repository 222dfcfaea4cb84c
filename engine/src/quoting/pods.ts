import { escapeRegex } from './quote';

/** The letters and digits of which Kubernetes makes the hash of a ReplicaSet and the end of a pod's name. */
const SAFE = '[bcdfghjklmnpqrstvwxz2456789]';

/**
 * A regular expression for the names of the pods of one workload, a Deployment or a StatefulSet, and of no other:
 * `api.*` would also match `api-canary-…`, whose pods do other work.
 */
export function podsOf(workload: string): string {
  return `${escapeRegex(workload)}-(${SAFE}{1,10}-${SAFE}{5}|[0-9]+)`;
}
