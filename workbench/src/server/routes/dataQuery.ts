import { readJson, sendJson, type Route } from '../http/exchange';
import { answerDataQuery } from '../query/dataQuery';

export const dataQueryRoute: Route = {
  method: 'POST',
  path: '/api/ds/query',
  handle: async ({ request, response, state }) => {
    const asked = await readJson(request);
    if (typeof asked !== 'object' || asked === null) {
      return sendJson(response, 400, { message: 'bad request data' });
    }
    const abort = new AbortController();
    response.on('close', () => abort.abort());
    const { status, body } = await answerDataQuery(asked, state.dataSources, Date.now(), abort.signal);
    if (!response.destroyed) {
      sendJson(response, status, body);
    }
  },
};
