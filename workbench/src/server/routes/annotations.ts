import { readJson, sendError, sendJson, type Exchange, type Route } from '../http/exchange';
import { accessDenied } from '../users/permissions';
import { hasRole } from '../users/users';

interface Sent {
  text?: string;
  tags?: string[];
  time?: number;
  timeEnd?: number;
  dashboardUID?: string;
  panelId?: number;
}

const DEFAULT_LIMIT = 100;
const ONE = '/api/annotations/:id';

export const listAnnotationsRoute: Route = {
  method: 'GET',
  path: '/api/annotations',
  handle: ({ response, url: { searchParams }, state }) => {
    const tags = searchParams.getAll('tags');
    const matches = searchParams.get('matchAny') === 'true' ? 'some' : 'every';
    const from = Number(searchParams.get('from') ?? 0);
    const to = Number(searchParams.get('to') ?? 0);
    const found = searchParams.get('type') === 'alert' ? [] : state.annotations;
    const list = found
      .filter((each) => tags.length === 0 || tags[matches]((tag) => each.tags.includes(tag)))
      .filter((each) => from === 0 || to === 0 || (each.time <= to && each.timeEnd >= from))
      .sort((a, b) => b.timeEnd - a.timeEnd)
      .slice(0, Number(searchParams.get('limit') ?? DEFAULT_LIMIT));
    sendJson(response, 200, list);
  },
};

export const annotationTagsRoute: Route = {
  method: 'GET',
  path: '/api/annotations/tags',
  handle: ({ response, url, state }) => {
    const wanted = url.searchParams.get('tag') ?? '';
    const counts = new Map<string, number>();
    for (const tag of state.annotations.flatMap((each) => each.tags).filter((each) => each.includes(wanted))) {
      counts.set(tag, (counts.get(tag) ?? 0) + 1);
    }
    sendJson(response, 200, { result: { tags: [...counts].map(([tag, count]) => ({ tag, count })) } });
  },
};

export const annotationRoute: Route = {
  method: 'GET',
  path: ONE,
  handle: ({ response, state }, { id }) => {
    const found = state.annotations.find((each) => each.id === Number(id));
    return found ? sendJson(response, 200, found) : sendJson(response, 404, { message: 'Annotation not found' });
  },
};

export const createAnnotationRoute: Route = {
  method: 'POST',
  path: '/api/annotations',
  handle: async ({ request, response, user, state }) => {
    if (!user || !hasRole(user, 'Editor')) {
      return sendJson(response, 403, { message: 'Access denied to save the annotation' });
    }
    const {
      text,
      tags = [],
      time,
      timeEnd,
      dashboardUID = '',
      panelId = 0,
    } = ((await readJson(request)) ?? {}) as Sent;
    if (!text) {
      return sendJson(response, 400, { message: 'Failed to save annotation' });
    }
    const now = Date.now();
    const id = (state.annotations.at(-1)?.id ?? 0) + 1;
    const start = time ?? now;
    state.annotations.push({
      id,
      alertId: 0,
      alertName: '',
      dashboardId: 0,
      dashboardUID,
      panelId,
      userId: 0,
      newState: '',
      prevState: '',
      created: now,
      updated: now,
      time: start,
      timeEnd: timeEnd ?? start,
      text,
      tags,
      login: user.login,
      email: user.email,
      avatarUrl: `/avatar/${user.uid}`,
      data: {},
    });
    sendJson(response, 200, { id, message: 'Annotation added' });
  },
};

export const patchAnnotationRoute: Route = {
  method: 'PATCH',
  path: ONE,
  handle: async (exchange, { id }) => {
    const { request, response, state } = exchange;
    if (denied(exchange, 'annotations:write')) {
      return;
    }
    const found = state.annotations.find((each) => each.id === Number(id));
    if (!found) {
      return sendJson(response, 404, { message: 'Annotation not found' });
    }
    const { text, tags, time, timeEnd } = ((await readJson(request)) ?? {}) as Sent;
    Object.assign(found, {
      text: text ?? found.text,
      tags: tags ?? found.tags,
      time: time ?? found.time,
      timeEnd: timeEnd ?? found.timeEnd,
      updated: Date.now(),
    });
    sendJson(response, 200, { message: 'Annotation patched' });
  },
};

export const deleteAnnotationRoute: Route = {
  method: 'DELETE',
  path: ONE,
  handle: (exchange, { id }) => {
    const { response, state } = exchange;
    if (denied(exchange, 'annotations:delete')) {
      return;
    }
    const index = state.annotations.findIndex((each) => each.id === Number(id));
    if (index < 0) {
      return sendJson(response, 404, { message: 'Annotation not found' });
    }
    state.annotations.splice(index, 1);
    sendJson(response, 200, { message: 'Annotation deleted' });
  },
};

/** A Viewer has the action for dashboards' annotations only, which the workbench has not: the role decides. */
function denied({ user, response }: Exchange, action: string): boolean {
  const isDenied = !user || !hasRole(user, 'Editor');
  if (isDenied) {
    sendError(response, 403, accessDenied(action));
  }
  return isDenied;
}
