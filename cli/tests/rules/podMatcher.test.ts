import { describeQueryRule } from './lintQuery';

const selected = '{namespace="{{namespace}}", pod=~"{{deployment | pods}}"}';

describeQueryRule('pod-matcher', {
  bad: [
    'max(container_memory_working_set_bytes{namespace="{{namespace}}", pod=~"{{deployment | regex}}.*"})',
    'max(container_memory_working_set_bytes{namespace="{{namespace}}", pod=~".*{{deployment | regex}}-[a-z0-9]+-[a-z0-9]{5}"})',
    'max(container_memory_working_set_bytes{namespace="{{namespace}}", pod=~".+"})',
  ],
  good: [
    `max(container_memory_working_set_bytes${selected})`,
    'max(container_memory_working_set_bytes{namespace="{{namespace}}", pod="shop-api-0"})',
  ],
});
