import type { FaultMaker } from './fault';

const BAD_VERSION = '2.0.0';

/** A new version of the API goes out, with a handler that throws on one route. */
export const badDeploy: FaultMaker = (estate) => {
  const api = estate.applications['gorax-api'];
  let before: string | undefined;
  const active = (): boolean => api.state().version === BAD_VERSION;
  return {
    name: 'bad-deploy',
    title: `gorax-api ${BAD_VERSION} is rolled out, and one of its handlers throws`,
    watch:
      'The list of executions of a workflow answers 500 since the new version runs; everything beneath it is healthy.',
    expect: { pack: 'gorax', runbook: 'api-errors', cause: 'bad-deploy' },
    alsoTrue: [
      {
        cause: 'gorax/api-errors/being-rolled-out',
        because: 'of its one replica: while that is replaced, nobody answers',
      },
    ],
    active,
    async inject() {
      if (!active()) {
        before = api.state().version;
        await api.rollOut(BAD_VERSION);
      }
    },
    async clear() {
      if (active() && before !== undefined) {
        await api.rollOut(before);
      }
    },
  };
};
