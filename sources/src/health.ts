/** Whether each source answers at all, asked by the same way as its queries. */
import type { UnknownReason } from '@live-runbooks/engine';
import type { Answer } from './ask';
import { refusedByService } from './diagnostics';
import type { Failure } from './failure';
import { isObject, textOf } from './json';
import type { Asking } from './refusal';

export interface SourceHealth {
  readonly source: 'prometheus' | 'loki' | 'diagnostics';
  /** `missing`: not configured, or what is configured does not exist. `unreachable`: it does, and does not answer. */
  readonly state: 'reachable' | 'forbidden' | 'missing' | 'unreachable';
  /** What it said, with secrets removed. */
  readonly detail: string;
  /** What to do; absent when reachable. */
  readonly mend?: string;
  readonly tookMs: number;
  /** Targets of the diagnostics service, when it is reachable. */
  readonly targets?: readonly DiagnosticsTarget[];
}

export interface DiagnosticsTarget {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
}

/** What a failure says of the source that gave it. */
export function unhealthy(source: SourceHealth['source'], failure: Failure, tookMs: number): SourceHealth {
  return { source, state: stateOf(failure.reason), detail: failure.detail, mend: failure.mend, tookMs };
}

function stateOf(reason: UnknownReason): SourceHealth['state'] {
  return reason === 'no-permission' ? 'forbidden' : reason === 'not-configured' ? 'missing' : 'unreachable';
}

/** What a service that answers is said to answer. */
export function countedTargets(count: number): string {
  return count === 1 ? '1 target' : `${count} targets`;
}

/** Pure. */
export function readTargets(asking: Asking, answer: Answer, tookMs: number): SourceHealth {
  const list = isObject(answer.body) && answer.status === 200 ? answer.body.targets : undefined;
  const targets = Array.isArray(list) ? list.map(parseTarget) : undefined;
  if (!targets?.every((target) => target !== undefined)) {
    return unhealthy('diagnostics', refusedByService(asking, answer), tookMs);
  }
  return {
    source: 'diagnostics',
    state: 'reachable',
    detail: countedTargets(targets.length),
    tookMs,
    targets,
  };
}

function parseTarget(json: unknown): DiagnosticsTarget | undefined {
  if (!isObject(json)) {
    return undefined;
  }
  const id = textOf(json.id);
  const kind = textOf(json.kind);
  return id === undefined || kind === undefined ? undefined : { id, kind, title: textOf(json.title) ?? id };
}
