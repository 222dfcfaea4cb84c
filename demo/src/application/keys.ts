/** The Redis keys of the Gorax guide. */
export const EXECUTION_QUEUE = 'workflow:executions:queue';
/** A hash: tenant → executions running now. */
export const ACTIVE_EXECUTIONS = 'tenant:active_executions';
export const workflowKey = (id: string): string => `workflow:${id}`;
export const sessionKey = (id: string): string => `session:${id}`;
export const recentExecutionsKey = (tenant: string): string => `cache:executions:${tenant}`;

/** A message of the queue. */
export interface ExecutionMessage {
  readonly executionId: string;
  readonly workflowId: string;
  readonly tenantId: string;
}
