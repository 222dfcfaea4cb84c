import { selectorsOf } from '../queries/tree';
import { queryRule } from './queryRule';

const OF_A_NAMESPACE = /^(kube|container|kubelet_volume)_/;
const OF_THE_CLUSTER = /^kube_(node|namespace|persistentvolume|storageclass)_/;

/** One name stands in many namespaces: staging at none of two replicas must not make production miss two. */
export const noNamespace = queryRule({
  id: 'no-namespace',
  what: 'A query asks for a metric of Kubernetes in every namespace.',
  why: 'Workloads of the same name are mixed: staging at none of two replicas makes production miss two.',
  mend: 'Add the matcher `namespace="{{namespace}}"`.',
  problemOf: ({ tree }) => {
    for (const { metric, matchers } of tree === undefined ? [] : selectorsOf(tree)) {
      const named = matchers.some(
        ({ label, operator, value }) => label === 'namespace' && operator[0] === '=' && value
      );
      if (OF_A_NAMESPACE.test(metric) && !OF_THE_CLUSTER.test(metric) && !named) {
        return `\`${metric}\` is asked in every namespace, so staging mixes with production: add \`namespace="{{namespace}}"\``;
      }
    }
    return undefined;
  },
});
