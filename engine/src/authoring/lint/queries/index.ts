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

/** The PromQL of a pack's signals as trees, by signal, with the defaults of the parameters. Without a reader there are none. */
export function treesOf(pack: Pack, read: QueryReader | undefined): Map<string, QueryNode> {
  const resolve = ({ name }: { readonly name: string }) => {
    const value = sample(pack.params[name]);
    const scrape = pack.params['scrape']?.default;
    return typeof value === 'string' || scrape === undefined ? value : { ...value, scrape };
  };
  const trees = new Map<string, QueryNode>();
  for (const { id, query } of Object.values(pack.signals)) {
    if (query.source === 'prometheus' && read !== undefined) {
      trees.set(id, read(fill(compileFill(query.expr, 'promql'), resolve).text));
    }
  }
  return trees;
}

/** Holds every query against the rules. Without its tree only what needs none. */
export function lintQueries(pack: Pack, report: Report, trees: ReadonlyMap<string, QueryNode>): void {
  for (const signal of Object.values(pack.signals)) {
    const { query } = signal;
    if (query.source !== 'prometheus' && query.source !== 'loki') {
      continue;
    }
    for (const { id, check } of RULES) {
      const message = check({ pack, signal, tree: trees.get(signal.id) });
      if (message !== undefined) {
        report.error(`signal ${signal.id}`, id, message, [id === emptiness.id ? 'empty' : query.source]);
      }
    }
  }
  lintViews(pack, report, trees);
}
