import { describeQueryRule } from './lintQuery';

describeQueryRule('short-window', {
  bad: [
    'rate(requests_total[10s])',
    'rate(requests_total[59999ms])',
    'max_over_time(up[30s])',
    'deriv(max(depth)[45s:{{scrape}}])',
    'max_over_time(sum(rate(requests_total[30s]))[5m:15s])',
    'sum(rate(failed[{{window}}])) / (sum(rate(requests_total[30s] offset 1h)) > 1)',
  ],
  good: [
    'rate(requests_total[{{window}}])',
    'rate(requests_total[{{window | quarter}}])',
    'rate(requests_total[1m])',
    'rate(requests_total[60000ms] offset 10s)',
    'rate(requests_total[1m30s])',
    'max_over_time(up[5m:30s])',
  ],
});
