import { sendError, sendJson, type Handler, type Route } from '../http/exchange';
import type { DataSource } from '../provisioning/dataSources';
import { accessDenied, may } from '../users/permissions';
import { typeName, typeLogo } from '../provisioning/dataSourceTypes';

const NOT_FOUND = { message: 'Data source not found' };

export const listDataSourcesRoute: Route = {
  method: 'GET',
  path: '/api/datasources',
  handle: readersOnly(({ response, state }) => {
    const byName = [...state.dataSources].sort((a, b) => a.name.localeCompare(b.name));
    sendJson(
      response,
      200,
      byName.map((source) => ({ ...common(source), typeName: typeName(source.type), readOnly: true }))
    );
  }),
};

export const dataSourceByUidRoute: Route = {
  method: 'GET',
  path: '/api/datasources/uid/:uid',
  handle: readersOnly(({ response, state }, { uid }) => {
    const source = state.dataSources.find((each) => each.uid === uid);
    if (!source) {
      return sendJson(response, 404, NOT_FOUND);
    }
    sendJson(response, 200, {
      ...common(source),
      basicAuthUser: '',
      withCredentials: false,
      secureJsonFields: {},
      version: 1,
      readOnly: true,
      apiVersion: '',
    });
  }),
};

/** In Grafana only Admins have `datasources:read`; everybody may query. */
function readersOnly(handle: Handler): Handler {
  return (exchange, params) => {
    const { user, response, state } = exchange;
    if (!user || !may(user, state.plugin, 'datasources:read')) {
      return sendError(response, 403, accessDenied('datasources:read'));
    }
    return handle(exchange, params);
  };
}

function common({ id, uid, name, type, url, isDefault, jsonData }: DataSource) {
  return {
    id,
    uid,
    orgId: 1,
    name,
    type,
    typeLogoUrl: typeLogo(type),
    access: 'proxy',
    url,
    user: '',
    database: '',
    basicAuth: false,
    isDefault,
    jsonData,
  };
}
