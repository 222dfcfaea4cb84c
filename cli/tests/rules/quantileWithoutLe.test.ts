import { describeQueryRule } from './lintQuery';

describeQueryRule('quantile-without-le', {
  bad: [
    'histogram_quantile(0.95, rate(seconds_bucket[{{window}}]))',
    'histogram_quantile(0.95, sum by (job) (rate(seconds_bucket[{{window}}])))',
    'histogram_quantile(0.95, sum without (le) (rate(seconds_bucket[{{window}}])))',
    'histogram_quantile(0.95, sum(rate(seconds_bucket[{{window}}])))',
  ],
  good: [
    'histogram_quantile(0.95, sum by (job, le) (rate(seconds_bucket[{{window}}])))',
    'histogram_quantile(0.95, sum without (instance) (rate(seconds_bucket[{{window}}])))',
  ],
});
