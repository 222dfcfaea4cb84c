import { formatProblem } from '@live-runbooks/engine/authoring';

import { lintSignals } from './lintSignals';

interface Signal {
  readonly test?: string;
  /** The sentence of a cause that rests on it. */
  readonly says?: string;
}

/** What one rule finds in a signal with this PromQL, as a person reads it. */
export function lintProm(
  rule: string,
  prometheus: string,
  { test = '{ above: 1 }', says = 'C' }: Signal = {}
): string[] {
  return lintSignals(`it:\n  title: It\n  test: ${test}\n  prometheus: >-\n    ${prometheus}\n`, { says })
    .filter((problem) => problem.rule === rule)
    .map(formatProblem);
}
