import { describeQueryRule } from './lintQuery';

describeQueryRule('unguarded-ratio', {
  bad: [
    'sum(rate(errors_total[{{window}}])) / sum(rate(requests_total[{{window}}]))',
    '100 * (sum(rate(errors_total[{{window}}])) / (sum(rate(requests_total[{{window}}]))))',
    'rate(seconds_sum[{{window}}]) / rate(seconds_count[{{window}}])',
    'a and on () (sum(rate(b[{{window}}])) / sum(rate(c[{{window}}])) >= bool 2)',
  ],
  good: [
    'sum(rate(errors_total[{{window}}])) / (sum(rate(requests_total[{{window}}])) >= 0.2)',
    'sum(rate(errors_total[{{window}}])) / clamp_min(sum(rate(requests_total[{{window}}])), 0.2)',
    'sum(rate(errors_total[{{window}}])) / sum(rate(requests_total[{{window}}])) and on () (sum(rate(requests_total[{{window}}])) >= 0.2 or sum(increase(errors_total[{{window}}])) >= 5)',
    'sum(used) / sum(limit)',
  ],
});
