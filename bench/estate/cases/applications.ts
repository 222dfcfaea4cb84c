/** The applications themselves: load, starvation, crashes, roll-outs; and two faults at once. */
import type { ApplicationName } from '../../../demo/src/estate/estate';
import type { CaseEstate, EstateCase, Restore } from '../case';
import { all, freeze, pause, repeatedly, requests, signal, starve } from '../tools';

const api = (estate: CaseEstate, path: string): string => `http://127.0.0.1:${estate.ports.goraxApi}${path}`;

/** Of one replica, a roll-out leaves nobody who answers; the scrapes of the application and of the cluster are not one. */
const UNTOLD = 'until the next scrape of kube-state-metrics the roll-out is not known';

const executions = (estate: CaseEstate, perSecond: number): Restore =>
  requests(perSecond, (n) => ({
    url: api(estate, `/api/v1/workflows/wf-${(n % 600) + 20}/executions`),
    method: 'POST',
    tenant: `tenant-${(n % 20) + 1}`,
  }));

async function rolledOut(estate: CaseEstate, application: ApplicationName, version: string): Promise<Restore> {
  const deployment = estate.applications[application];
  const before = deployment.state().version;
  await deployment.rollOut(version);
  return () => deployment.rollOut(before);
}

const crashing = (estate: CaseEstate, application: ApplicationName): Restore =>
  repeatedly(
    () => {
      const { pid } = estate.applications[application].state();
      if (pid !== undefined) {
        signal(pid, 'SIGKILL');
      }
      return Promise.resolve();
    },
    1,
    4000
  );

export const APPLICATIONS: readonly EstateCase[] = [
  {
    name: 'producers-burst',
    kind: 'fault',
    title: 'producers ask for 70 executions a second, ten times as many as usual',
    right: [/^producer-surge$|surge|traffic|burst/],
    acceptable: [
      {
        cause: /^(too-few-workers|low-concurrency)$/,
        because: 'the workers cannot follow, which is the same fact from the other side',
      },
      { cause: /^pool-too-small$/, because: 'the pool is too small for that load' },
      {
        cause: /^cpu-saturated$|^resource-exhaustion$|cpu|starv/,
        because: 'on a small machine the burst takes the cores',
      },
    ],
    inject: (estate) => Promise.resolve(executions(estate, 70)),
  },
  {
    name: 'api-starved',
    kind: 'fault',
    title: 'the API gets one fifth of the time that it wants',
    right: [/^cpu-saturated$|starv|throttl|cpu|event-loop/],
    acceptable: [{ cause: /^resource-exhaustion$/, because: 'the CPU is a resource' }],
    inject: (estate) => Promise.resolve(starve(() => estate.applications['gorax-api'].state().pid, 0.2)),
  },
  {
    name: 'worker-starved',
    kind: 'fault',
    title: 'the worker gets a tenth of the time that it wants: the queue grows',
    right: [/starv|throttl|cpu|event-loop|^slow-workflows$|^low-concurrency$|^too-few-workers$/],
    acceptable: [{ cause: /^resource-exhaustion$/, because: 'the CPU is a resource' }],
    inject: (estate) => Promise.resolve(starve(() => estate.applications['gorax-worker'].state().pid, 0.1)),
  },
  {
    name: 'worker-hung',
    kind: 'fault',
    title: 'the worker stands still and takes nothing from the queue',
    right: [/^workers?-(stopped|hung|stuck)$/],
    inject: (estate) => Promise.resolve(freeze(estate.applications['gorax-worker'].state().pid)),
  },
  {
    name: 'api-hung',
    kind: 'fault',
    title: 'the API stands still',
    right: [/^api-(stopped|hung|stuck)$|hung/],
    inject: (estate) => Promise.resolve(freeze(estate.applications['gorax-api'].state().pid)),
  },
  {
    name: 'api-stopped',
    kind: 'fault',
    title: 'the API is scaled to nothing',
    right: [/^api-stopped$/],
    async inject(estate) {
      await estate.applications['gorax-api'].stop();
      return () => estate.applications['gorax-api'].start();
    },
  },
  {
    name: 'sqlstudio-stopped',
    kind: 'fault',
    title: 'the backend of SQL Studio is scaled to nothing',
    right: [/^api-stopped$|stopped/],
    async inject(estate) {
      await estate.applications['sqlstudio-backend'].stop();
      return () => estate.applications['sqlstudio-backend'].start();
    },
  },
  {
    name: 'api-crash-loop',
    kind: 'fault',
    title: 'the API crashes every few seconds, for a reason that nothing shows',
    right: [/crash/],
    acceptable: [{ cause: /^api-stopped$/, because: 'for the moments in which it does not run' }],
    inject: (estate) => Promise.resolve(crashing(estate, 'gorax-api')),
  },
  {
    name: 'worker-crash-loop',
    kind: 'fault',
    title: 'the worker crashes every few seconds, for a reason that nothing shows',
    right: [/crash/],
    acceptable: [{ cause: /^workers-stopped$/, because: 'for the moments in which it does not run' }],
    inject: (estate) => Promise.resolve(crashing(estate, 'gorax-worker')),
  },
  {
    name: 'relay-lock-and-redis',
    kind: 'fault',
    title: 'a session sits idle on a lock, and Redis is full, at the same time',
    right: [/^idle-in-transaction$/, /^redis-out-of-memory$/],
    inject: (estate) =>
      all(
        () => estate.fault('idle-in-transaction'),
        () => estate.fault('redis-oom')
      ),
  },
  {
    name: 'relay-deploy-under-lock',
    kind: 'fault',
    title: 'a bad version goes out while a session sits idle on a lock',
    right: [/^idle-in-transaction$/, /^bad-deploy$/],
    acceptable: [
      { cause: /^(api-stopped|being-rolled-out)$/, because: 'one replica: while it is replaced, nobody answers' },
    ],
    inject: (estate) =>
      all(
        () => estate.fault('idle-in-transaction'),
        () => estate.fault('bad-deploy')
      ),
  },
  {
    name: 'relay-workers-and-index',
    kind: 'fault',
    title: 'the workers are stopped, and an index is missing, at the same time',
    right: [/^workers-stopped$/, /^missing-index$/],
    inject: (estate) =>
      all(
        () => estate.fault('workers-stopped'),
        () => estate.fault('missing-index')
      ),
  },
  {
    name: 'deploy-api',
    kind: 'fault',
    title: 'a good version of the API goes out',
    right: [/^being-rolled-out$/],
    acceptable: [{ cause: /^api-stopped$/, because: UNTOLD }],
    inject: (estate) => rolledOut(estate, 'gorax-api', '1.5.0'),
  },
  {
    name: 'deploy-worker',
    kind: 'fault',
    title: 'a good version of the worker goes out',
    right: [/^workers-being-rolled-out$/],
    acceptable: [{ cause: /^workers-stopped$/, because: UNTOLD }],
    inject: (estate) => rolledOut(estate, 'gorax-worker', '1.5.0'),
  },
  {
    name: 'deploy-sqlstudio',
    kind: 'fault',
    title: 'a good version of the backend of SQL Studio goes out',
    right: [/^being-rolled-out$/],
    acceptable: [{ cause: /^api-stopped$/, because: UNTOLD }],
    inject: (estate) => rolledOut(estate, 'sqlstudio-backend', '0.9.2'),
  },
  {
    name: 'twice-the-load',
    kind: 'healthy',
    title: 'twice as many readers as usual',
    inject: (estate) =>
      Promise.resolve(
        requests(24, (n) => ({
          url: api(estate, `/api/v1/workflows/wf-${(n % 600) + 20}`),
          tenant: `tenant-${(n % 20) + 1}`,
        }))
      ),
  },
  {
    name: 'not-found-storm',
    kind: 'healthy',
    title: 'a crawler asks for workflows that do not exist: 404s, nobody is harmed',
    inject: (estate) =>
      Promise.resolve(
        requests(12, (n) => ({ url: api(estate, `/api/v1/workflows/none-${n % 50}`), tenant: 'tenant-1' }))
      ),
  },
  {
    name: 'short-burst',
    kind: 'healthy',
    title: 'producers ask for 25 executions a second for three seconds, and the queue drains',
    async inject(estate) {
      const stop = executions(estate, 25);
      await pause(3000);
      await stop();
      return () => Promise.resolve();
    },
  },
];
