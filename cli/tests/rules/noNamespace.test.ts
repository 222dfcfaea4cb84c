import { describeQueryRule } from './lintQuery';

describeQueryRule('no-namespace', {
  bad: [
    'max(kube_deployment_spec_replicas{deployment="{{deployment}}"})',
    `max(container_memory_working_set_bytes{pod=~"{{deployment | pods}}"})`,
    'max(kube_pod_info{namespace!="dev"})',
    'max(kube_pod_info{namespace=""})',
  ],
  good: [
    'max(kube_deployment_spec_replicas{namespace="{{namespace}}", deployment="{{deployment}}"})',
    'max(kube_pod_info{namespace=~"shop|shop-jobs"})',
    'max(kube_node_status_condition)',
    'max(up{ {{api}} })',
  ],
});
