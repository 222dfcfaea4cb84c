import { matchersOf, unescapeGoString } from './selector';
import { escapeGoString, escapeRegex } from './quote';

/** The letters and digits of which Kubernetes makes the hash of a ReplicaSet and the end of a pod's name. */
const SAFE = '[bcdfghjklmnpqrstvwxz2456789]';
/** What follows the name of a Deployment in the names of its pods. */
const OF_DEPLOYMENT = `${SAFE}{1,10}-${SAFE}{5}`;

/**
 * A regular expression for the names of the pods of one workload, a Deployment or a StatefulSet, and of no other:
 * `api.*` would also match `api-canary-…`, whose pods do other work.
 */
export function podsOf(workload: string): string {
  return `${escapeRegex(workload)}-(${OF_DEPLOYMENT}|[0-9]+)`;
}

/** A regular expression for the names of all pods of Deployments; its first group is the name of the Deployment. */
export const DEPLOYMENT_OF_POD = `(.*)-${OF_DEPLOYMENT}`;

/**
 * The matchers that pick the pods of the Deployments that a selector picks: `deployment` becomes `pod`, other labels stay. Throws a
 * RangeError when it picks no Deployment by name.
 */
export function podMatchers(selector: string): string {
  const matchers = matchersOf(selector) ?? [];
  if (!matchers.some(({ label }) => label === 'deployment')) {
    throw new RangeError('the selector does not say which deployment: add deployment="…"');
  }
  return matchers
    .map(({ label, operator, written }) => {
      if (label !== 'deployment') {
        return `${label}${operator}"${written}"`;
      }
      const names = operator.endsWith('~')
        ? `(?:${written})`
        : escapeGoString(escapeRegex(unescapeGoString(written)), '"');
      return `pod${operator[0] === '!' ? '!~' : '=~'}"${names}-${OF_DEPLOYMENT}"`;
    })
    .join(',');
}
