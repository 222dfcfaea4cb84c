import type { BoundPack, Query, Runbook } from '@live-runbooks/engine';

const PLACEHOLDER = /\{\{\s*([\w-]+)/g;

/** The parameters that the queries and fixes of a runbook read, in the order of the pack. */
export function usedParams(bound: BoundPack, runbook: Runbook): string[] {
  const { params, signals } = bound.pack;
  const ids = new Set([
    ...runbook.symptoms,
    ...runbook.causes.flatMap((c) => c.evidence.map((e) => e.signal)),
    ...Object.values(runbook.fixes).flatMap((f) => [...f.when, ...(f.verify ? [f.verify.signal] : [])]),
  ]);
  const texts = [
    ...[...ids].flatMap((id) => (signals[id] ? [textOf(signals[id].query)] : [])),
    ...Object.values(runbook.fixes).map((f) => `${f.command} ${f.reach} ${f.rollback ?? ''}`),
  ];
  const used = new Set(texts.flatMap((text) => [...text.matchAll(PLACEHOLDER)].map((m) => m[1])));
  return Object.keys(params).filter((name) => used.has(name));
}

function textOf(query: Query): string {
  switch (query.source) {
    case 'prometheus':
    case 'loki':
      return query.expr;
    case 'diagnostics':
      return query.target;
    case 'alert':
    case 'combine':
    case 'manual':
      return '';
  }
}
