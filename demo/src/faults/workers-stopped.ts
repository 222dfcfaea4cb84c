import type { FaultMaker } from './fault';

/** The worker's process ends and stays away. */
export const workersStopped: FaultMaker = (estate) => {
  const worker = estate.applications['gorax-worker'];
  return {
    name: 'workers-stopped',
    title: 'The worker process is stopped',
    watch: 'Nobody takes executions from the queue: its depth grows and no execution finishes.',
    expect: { pack: 'gorax', runbook: 'queue-backlog', cause: 'workers-stopped' },
    active: () => worker.state().available === 0,
    inject: () => worker.stop(),
    clear: () => worker.start(),
  };
};
