import { sendJson, type Route } from '../http/exchange';
import type { DataSource } from '../provisioning/dataSources';
import { typeName } from '../provisioning/dataSourceTypes';
import { askUpstream } from '../query/upstream';

/** Asks the data source a trivial query, as Grafana's own health checks do. */
export const dataSourceHealthRoute: Route = {
  method: 'GET',
  path: '/api/datasources/uid/:uid/health',
  handle: async ({ response, state }, { uid }) => {
    const source = state.dataSources.find((each) => each.uid === uid);
    if (!source) {
      return sendJson(response, 404, { message: 'Data source not found' });
    }
    const problem = await problemOf(source);
    if (problem !== undefined) {
      return sendJson(response, 400, { message: problem, status: 'ERROR' });
    }
    const application = typeName(source.type);
    sendJson(response, 200, {
      details: { application, features: { rulerApiEnabled: false } },
      message: `Successfully queried the ${application} API.`,
      status: 'OK',
    });
  },
};

async function problemOf({ type, url }: DataSource): Promise<string | undefined> {
  const path = type === 'loki' ? '/loki/api/v1/query?query=vector(1)%2Bvector(1)' : '/api/v1/query?query=1%2B1';
  try {
    const answer = await askUpstream('GET', new URL(`${url}${path}`));
    return answer.ok ? undefined : `${answer.status} - There was an error returned querying the ${typeName(type)} API.`;
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)} - There was an error returned querying the ${typeName(type)} API.`;
  }
}
