/** Who calls whom, as far as traces and meshes measured it. */
import { addTo } from '../addTo';
import type { Arrow } from '../model/arrow';
import type { Component } from '../model/component';
import type { Reading } from '../model/outcome';

/** A measure of calls: the query, and the labels that name who calls and who answers. */
interface CallMeasure {
  readonly id: string;
  readonly expr: string;
  readonly from: string;
  readonly to: string;
}

export const CALL_MEASURES: readonly CallMeasure[] = [
  {
    id: 'discover.calls.traces',
    expr: 'sum by (client, server) (rate(traces_service_graph_request_total[1h])) > 0',
    from: 'client',
    to: 'server',
  },
  {
    id: 'discover.calls.istio',
    expr: 'sum by (source_workload, destination_service_name) (rate(istio_requests_total[1h])) > 0',
    from: 'source_workload',
    to: 'destination_service_name',
  },
];

/** Arrows between components whose names are the measured ones. A name that is unknown, or of several components, is nobody's. */
export function measuredArrows(
  names: ReadonlyMap<Component, ReadonlySet<string>>,
  answers: ReadonlyMap<string, Reading>
): Arrow[] {
  const byName = new Map<string, Component[]>();
  names.forEach((all, component) => all.forEach((name) => addTo(byName, name, component)));
  const named = (name: string | undefined) => {
    const [only, another] = byName.get(name ?? '') ?? [];
    return another === undefined ? only : undefined;
  };
  return CALL_MEASURES.flatMap((measure) => {
    const answer = answers.get(measure.id);
    return (answer?.kind === 'samples' ? answer.samples : []).flatMap(({ labels }): Arrow[] => {
      const from = named(labels[measure.from]);
      const to = named(labels[measure.to]);
      return from === undefined || to === undefined
        ? []
        : [{ from: from.id, to: to.id, origin: 'measured', client: labels[measure.from] ?? '' }];
    });
  });
}
