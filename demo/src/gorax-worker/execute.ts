/** One execution: its steps are recorded in the database as they go, and the workflow's row is touched at the end. */
import type { ConnectionPool } from '../application/connectionPool';
import type { ExecutionMessage } from '../application/keys';

const STEPS = ['http_request', 'transform', 'notify'] as const;

/** What a step does for the outside world; the demo has none, so it only takes time. Milliseconds. */
const STEP_TAKES_MS = 15;

/** Errors are the database's own. */
export async function execute(pool: ConnectionPool, { executionId, workflowId }: ExecutionMessage): Promise<void> {
  await pool.query(`UPDATE workflow_executions SET status = 'running', started_at = now() WHERE id = $1`, [
    executionId,
  ]);
  for (const [index, action] of STEPS.entries()) {
    const startedAt = new Date();
    await new Promise((resolve) => setTimeout(resolve, STEP_TAKES_MS));
    await pool.query(
      `INSERT INTO execution_steps (execution_id, step_id, step_order, action_type, status, started_at, completed_at)
       VALUES ($1, $2, $3, $4, 'completed', $5, now())`,
      [executionId, `step-${index + 1}`, index + 1, action, startedAt]
    );
  }
  await pool.transaction(async (connection) => {
    await connection.query('UPDATE workflows SET updated_at = now() WHERE id = $1', [workflowId]);
    await connection.query(
      `UPDATE workflow_executions
       SET status = 'completed', completed_at = now(), duration = extract(epoch FROM now() - started_at) WHERE id = $1`,
      [executionId]
    );
    await connection.query(
      `INSERT INTO webhook_deliveries (webhook_id, execution_id, status) VALUES ($1, $2, 'delivered')`,
      [`hook-${workflowId}`, executionId]
    );
  });
}
