import { describeQueryRule } from './lintQuery';

describeQueryRule('gone-series', {
  bad: [
    'sum by (job) (avg_over_time(in_use{ {{api}} }[{{window}}])) / sum by (job) (max_open{ {{api}} } > 0)',
    'max(avg_over_time(in_use{ {{api}} }[{{window}}])) / max(max_open{ {{api}} })',
    'sum(max_over_time(active[{{window}}]))',
    'avg((min_over_time(active[{{window}}] offset 1h)))',
  ],
  good: [
    'max by (job) (avg_over_time(in_use{ {{api}} }[{{window}}]) / (max_open{ {{api}} } > 0))',
    'sum(avg_over_time(active[{{window}}]) and active) / (sum(places) > 0)',
    'max by (version) (max_over_time(build_info[30m]))',
    'avg_over_time(sum(active)[{{window}}:{{scrape}}])',
    'sum by (version) (count_over_time(build_info[30m])) / on () group_left () sum(count_over_time(build_info[30m]))',
  ],
});
