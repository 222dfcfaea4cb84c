import { sendJson, type Route } from '../http/exchange';
import { rulesPath } from '../provisioning/dataSourceTypes';
import { askUpstream } from '../query/upstream';
import { toGrafanaGroup, type UpstreamGroup } from './ruleShape';

const PATH = '/api/prometheus/:source/api/v1';

interface UpstreamAnswer {
  status?: string;
  error?: string;
  data?: { groups?: UpstreamGroup[] };
}

/** The alert rules of one data source, or of Grafana itself (the workbench has no rules of its own). */
export const rulesRoute: Route = {
  method: 'GET',
  path: `${PATH}/rules`,
  handle: async ({ response, state }, { source: uid = '' }) => {
    if (uid === 'grafana') {
      return sendJson(response, 200, { status: 'success', data: { groups: [] } });
    }
    const source = state.dataSources.find((each) => each.uid === uid);
    if (!source) {
      return sendJson(response, 404, { message: 'data source not found' });
    }
    try {
      const answer = await askUpstream('GET', new URL(`${source.url}${rulesPath(source.type)}/rules`));
      const body = answer.body as UpstreamAnswer | undefined;
      if (source.type === 'loki' && answer.status === 404) {
        // a Loki whose ruler is off
        return sendJson(response, 200, { status: 'success', data: { groups: [] } });
      }
      if (!answer.ok || !body?.data) {
        return sendJson(response, answer.ok ? 502 : answer.status, {
          message: body?.error ?? answer.text.slice(0, 200),
        });
      }
      sendJson(response, 200, { status: 'success', data: { groups: (body.data.groups ?? []).map(toGrafanaGroup) } });
    } catch (error) {
      sendJson(response, 502, { message: error instanceof Error ? error.message : String(error) });
    }
  },
};

export const grafanaAlertsRoute: Route = {
  method: 'GET',
  path: `${PATH}/alerts`,
  handle: ({ response }, { source }) =>
    source === 'grafana'
      ? sendJson(response, 200, { status: 'success', data: { alerts: [] } })
      : sendJson(response, 404, { message: 'Grafana answers the alerts of its own rules only; ask for /rules' }),
};
