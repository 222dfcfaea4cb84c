/** What the list of a workflow's executions answers: the rows, and how the last ones went. */

interface Execution {
  readonly status: string;
  readonly duration: number | null;
  readonly error: string | null;
}

interface ExecutionList<T> {
  readonly executions: readonly T[];
  readonly failed: number;
  readonly lastError?: string;
}

/**
 * Version 2 added `lastError`, and carries the mistake that the fault `bad-deploy` rolls out: it reads the error of the
 * last failed execution also where there is none.
 */
export function summarise<T extends Execution>(executions: readonly T[], version: string): ExecutionList<T> {
  const failed = executions.filter((execution) => execution.status === 'failed');
  if (!version.startsWith('2.')) {
    return { executions, failed: failed.length };
  }
  const last = failed[failed.length - 1] as T;
  return { executions, failed: failed.length, lastError: (last.error as string).trim() };
}
