/** Rules about the queries of signals: each is one kind of fault that made a runbook say something wrong. */
import { compileFill, fill } from '../../../fill';
import type { Pack } from '../../../model/pack';
import type { Report } from '../report';
import { sample } from '../signals';
import { emptiness } from './emptiness';
import { goneSeries } from './goneSeries';
import { namespace } from './namespace';
import { podMatcher } from './podMatcher';
import { quantile } from './quantile';
import type { QueryRule } from './query';
import { ratio } from './ratio';
import { summedReplicas } from './summedReplicas';
import type { QueryNode } from './tree';
import { lintViews } from './unmarkedView';
import { shortWindow } from './window';

export type { QueryNode } from './tree';

/** Reads an expression that is sound PromQL. Injected: a parser is heavy. */
export type QueryReader = (expr: string) => QueryNode;

const RULES: readonly QueryRule[] = [
  goneSeries,
  summedReplicas,
  namespace,
  podMatcher,
  emptiness,
  ratio,
  quantile,
  shortWindow,
];

/** Holds every query against the rules, with the defaults of the parameters. Without a reader only what needs none. */
export function lintQueries(pack: Pack, report: Report, read: QueryReader | undefined): void {
  const resolve = ({ name }: { readonly name: string }) => {
    const value = sample(pack.params[name]);
    const scrape = pack.params['scrape']?.default;
    return typeof value === 'string' || scrape === undefined ? value : { ...value, scrape };
  };
  const trees = new Map<string, QueryNode>();
  for (const signal of Object.values(pack.signals)) {
    const { query } = signal;
    if (query.source !== 'prometheus' && query.source !== 'loki') {
      continue;
    }
    const tree =
      query.source === 'prometheus' ? read?.(fill(compileFill(query.expr, 'promql'), resolve).text) : undefined;
    if (tree !== undefined) {
      trees.set(signal.id, tree);
    }
    for (const { id, check } of RULES) {
      const message = check({ pack, signal, tree });
      if (message !== undefined) {
        report.error(`signal ${signal.id}`, id, message, [id === emptiness.id ? 'empty' : query.source]);
      }
    }
  }
  lintViews(pack, report, trees);
}
