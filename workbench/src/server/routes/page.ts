import type { PluginInclude } from '../plugin/pluginJson';
import { sendJson, type Exchange, type Route } from '../http/exchange';
import { pageHtml } from '../page/html';
import { choicesIn, themeOf } from '../users/choices';
import { may } from '../users/permissions';
import { hasRole, type User } from '../users/users';

const HTML = 'text/html; charset=UTF-8';

/** Every other address is the application; what it shows is decided in the browser. */
export const pageRoute: Route = {
  method: 'GET',
  path: '/*',
  open: true,
  handle: ({ request, response, url, user, state }) => {
    const choices = choicesIn(url);
    if (choices) {
      response.writeHead(302, { Location: choices.location, 'Set-Cookie': choices.cookies });
      return void response.end();
    }
    if (!user) {
      return redirect(response, `/login?redirectTo=${encodeURIComponent(url.pathname)}`, url.pathname === '/login');
    }
    if (isClosed(url.pathname, user, state)) {
      return redirect(response, '/', false);
    }
    response.writeHead(200, { 'Content-Type': HTML, 'Cache-Control': 'no-store' });
    response.end(pageHtml(state, user, themeOf(request), url.origin));
  },
};

function redirect(response: Exchange['response'], location: string, isThere: boolean): void {
  if (isThere) {
    return sendJson(response, 401, { message: 'Nobody is signed in. Open /?as=viewer, /?as=editor or /?as=admin.' });
  }
  response.writeHead(302, { Location: location, 'Content-Type': 'text/html; charset=utf-8' });
  response.end(`<a href="${location}">Found</a>.\n\n`);
}

/** Grafana guards a page by its exact path only: what lies below it opens for everybody. */
function isClosed(pathname: string, user: User, { plugin }: Exchange['state']): boolean {
  const include = plugin.includes?.find(
    (each) => each.type === 'page' && each.path === pathname && pathname.startsWith('/a/')
  );
  return include !== undefined && !mayOpen(include, user, plugin);
}

function mayOpen({ action, role }: PluginInclude, user: User, plugin: Exchange['state']['plugin']): boolean {
  return action ? may(user, plugin, action) : !role || hasRole(user, role);
}
