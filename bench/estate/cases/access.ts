/** Postgres that is up and refuses: limits, rights, passwords, timeouts, sessions that are ended. */
import type { EstateCase } from '../case';
import { all, asSuperuser, endSessions, pause, repeatedly, sessionOf } from '../tools';

/** Settings of a role hold for new sessions: those of the pools live 12 s, so these are ended to make it felt at once. */
const endSessionsOf = (application: string): string =>
  `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '${application}'`;

export const ACCESS: readonly EstateCase[] = [
  {
    name: 'role-limit',
    kind: 'fault',
    title: 'the role gorax gets a CONNECTION LIMIT below what its pools open',
    right: [/role-.*limit|role-limit|connection-limit/],
    acceptable: [{ cause: /^max-connections$/, because: 'only where it names the limit of the role' }],
    async inject(estate) {
      await asSuperuser(estate, ['ALTER ROLE gorax CONNECTION LIMIT 4']);
      return () => asSuperuser(estate, ['ALTER ROLE gorax CONNECTION LIMIT -1']);
    },
  },
  {
    name: 'statement-timeout',
    kind: 'fault',
    title: 'statement_timeout of the role is set to 2 ms',
    right: [/statement-timeout|timeout-too-low/],
    async inject(estate) {
      await asSuperuser(estate, [`ALTER ROLE gorax SET statement_timeout = '2ms'`]);
      return () =>
        asSuperuser(estate, [
          'ALTER ROLE gorax RESET statement_timeout',
          endSessionsOf('gorax-api'),
          endSessionsOf('gorax-worker'),
        ]);
    },
  },
  {
    name: 'sessions-ended',
    kind: 'fault',
    title: 'a script ends all sessions of the API every second',
    right: [/sessions?-(ended|terminated|killed)|terminated/],
    async inject(estate) {
      const killer = await sessionOf(estate, 'ops-script');
      const stop = repeatedly(() => killer.client.query(endSessionsOf('gorax-api')), 1, 1000);
      return async () => {
        await stop();
        await endSessions([killer]);
      };
    },
  },
  {
    name: 'changed-password',
    kind: 'fault',
    title: 'the password of the role gorax was changed in the database only',
    right: [/password|credential|auth/],
    async inject(estate) {
      const { password } = new URL(estate.urlOf('gorax', 'gorax'));
      await asSuperuser(estate, [`ALTER ROLE gorax PASSWORD 'rotated-by-somebody'`]);
      return () => asSuperuser(estate, [`ALTER ROLE gorax PASSWORD '${decodeURIComponent(password)}'`]);
    },
  },
  {
    name: 'login-revoked',
    kind: 'fault',
    title: 'the role sqlstudio may no longer log in',
    right: [/password|credential|auth|login/],
    async inject(estate) {
      await asSuperuser(estate, ['ALTER ROLE sqlstudio NOLOGIN', endSessionsOf('sqlstudio-backend')]);
      return () => asSuperuser(estate, ['ALTER ROLE sqlstudio LOGIN']);
    },
  },
  {
    name: 'revoked-grant',
    kind: 'fault',
    title: 'the grant to insert executions is revoked',
    right: [/grant|permission|privilege/],
    async inject(estate) {
      await asSuperuser(estate, ['REVOKE INSERT ON workflow_executions FROM gorax']);
      return () => asSuperuser(estate, ['GRANT INSERT ON workflow_executions TO gorax']);
    },
  },
  {
    name: 'read-only-database',
    kind: 'fault',
    title: 'the database is read-only by default',
    right: [/read-only/],
    async inject(estate) {
      await asSuperuser(estate, [
        'ALTER DATABASE gorax SET default_transaction_read_only = on',
        endSessionsOf('gorax-api'),
      ]);
      return () =>
        asSuperuser(estate, [
          'SET default_transaction_read_only = off',
          'ALTER DATABASE gorax RESET default_transaction_read_only',
          endSessionsOf('gorax-api'),
          endSessionsOf('gorax-worker'),
        ]);
    },
  },
  {
    name: 'jobs-always-fail',
    kind: 'fault',
    title: 'a trigger refuses every step of an execution: each job fails, the queue drains',
    right: [/executions?-fail|jobs?-fail|failing-(jobs|workflow|executions)/],
    async inject(estate) {
      await asSuperuser(estate, [
        `CREATE FUNCTION refuse_step() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'step refused'; END $$`,
        'CREATE TRIGGER refuse_step BEFORE INSERT ON execution_steps FOR EACH ROW EXECUTE FUNCTION refuse_step()',
      ]);
      return () => asSuperuser(estate, ['DROP TRIGGER refuse_step ON execution_steps', 'DROP FUNCTION refuse_step()']);
    },
  },
  {
    name: 'rollout-then-timeout',
    kind: 'fault',
    title: 'a healthy new version of the API; 12 s later, unrelated to it, statements time out in the database',
    right: [/statement-timeout|timeout-too-low/],
    acceptable: [
      { cause: /^(api-stopped|being-rolled-out)$/, because: 'one replica: while it is replaced, nobody answers' },
    ],
    async inject(estate) {
      const api = estate.applications['gorax-api'];
      const { version } = api.state();
      await api.rollOut('1.7.0');
      await pause(12_000);
      return all(
        () => Promise.resolve(() => api.rollOut(version)),
        async () => {
          await asSuperuser(estate, [`ALTER ROLE gorax SET statement_timeout = '2ms'`, endSessionsOf('gorax-api')]);
          return () =>
            asSuperuser(estate, [
              'ALTER ROLE gorax RESET statement_timeout',
              endSessionsOf('gorax-api'),
              endSessionsOf('gorax-worker'),
            ]);
        }
      );
    },
  },
  {
    name: 'postgres-crash',
    kind: 'fault',
    title: 'a backend is killed: the server ends all sessions and recovers, once a quarter of a minute',
    right: [/crash|restart|recover/],
    acceptable: [{ cause: /^postgres-down$/, because: 'for the moments in which it refuses' }],
    inject(estate) {
      return Promise.resolve(
        repeatedly(
          () => {
            const [pid] = estate.postgres.backendPids();
            if (pid !== undefined) {
              process.kill(pid, 'SIGKILL');
            }
            return Promise.resolve();
          },
          1,
          15_000
        )
      );
    },
  },
  {
    name: 'postgres-hung',
    kind: 'fault',
    title: 'the whole Postgres server stands still',
    right: [/^postgres-(down|hung)|postgres-unresponsive/],
    inject(estate) {
      estate.postgres.freeze();
      return Promise.resolve(() => {
        estate.postgres.thaw();
        return Promise.resolve();
      });
    },
  },
  {
    name: 'catalogue-lock',
    kind: 'fault',
    title: 'a session holds pg_authid: nobody new may log in',
    right: [/catalogue?-lock|idle-in-transaction/],
    acceptable: [
      { cause: /^long-transaction$/, because: 'the holder is a transaction that runs long' },
      { cause: /^postgres-logins-hang$/, because: 'logins do hang, and it says that a system catalog is locked' },
    ],
    async inject(estate) {
      const holder = await sessionOf(estate, 'psql');
      await holder.client.query('BEGIN');
      await holder.client.query('LOCK TABLE pg_authid IN ACCESS EXCLUSIVE MODE');
      return () => endSessions([holder]);
    },
  },
  {
    name: 'idle-sessions-of-a-tool',
    kind: 'healthy',
    title: 'a reporting tool holds 18 idle sessions, with room to spare',
    async inject(estate) {
      const sessions = await Promise.all(Array.from({ length: 18 }, () => sessionOf(estate, 'tableau')));
      return () => endSessions(sessions);
    },
  },
];
