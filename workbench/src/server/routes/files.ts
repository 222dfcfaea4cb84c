import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { hostBundle } from '../../../build';
import { unicon } from '../page/unicons';
import { sendJson, type Exchange, type Route } from '../http/exchange';

const require = createRequire(import.meta.url);
const folderOf = (name: string) => path.dirname(require.resolve(`${name}/package.json`));

const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
  '.md': 'text/plain; charset=utf-8',
};

const INTER: Record<string, string> = {
  'Inter-Regular': 'inter-latin-400-normal',
  'Inter-Medium': 'inter-latin-500-normal',
  'Inter-Italic': 'inter-latin-400-italic',
  'Inter-MediumItalic': 'inter-latin-500-italic',
};

/** What is drawn for an icon that is nowhere to be found. */
const RING =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zm0 2a6 6 0 1 1 0 12 6 6 0 0 1 0-12z"/></svg>';

/** The host's bundle, the plugin's unmodified files, and what `@grafana/ui` expects under `/public`. */
export const fileRoutes: Route[] = [
  route('/out/*', ({ response }, rest) => sendFile(response, hostBundle, rest)),
  route('/public/plugins/:id/*', ({ response, state }, rest, id) =>
    id === state.plugin.id ? sendFile(response, state.pluginDist, rest) : notFound(response)
  ),
  route('/public/build/img/*', ({ response }, rest) => sendIcon(response, rest)),
  route('/public/img/*', ({ response }, rest) => sendIcon(response, rest)),
  route('/public/fonts/inter/*', ({ response }, rest) =>
    sendFile(
      response,
      path.join(folderOf('@fontsource/inter'), 'files'),
      `${INTER[path.parse(rest).name] ?? 'none'}.woff2`
    )
  ),
  route('/public/fonts/roboto/*', ({ response }) =>
    sendFile(response, path.join(folderOf('@fontsource/roboto-mono'), 'files'), 'roboto-mono-latin-400-normal.woff2')
  ),
  route('/public/*', ({ response }) => notFound(response)),
];

type SendFile = (exchange: Exchange, rest: string, id: string) => void | Promise<void>;

function route(routePath: string, send: SendFile): Route {
  return {
    method: 'GET',
    path: routePath,
    open: true,
    handle: (exchange, { '*': rest = '', id = '' }) => send(exchange, decodeURIComponent(rest), id),
  };
}

async function sendIcon(response: Exchange['response'], rest: string): Promise<void> {
  const folder = path.join(folderOf('@grafana/ui'), 'dist/public/img');
  if (await isFile(inside(folder, rest))) {
    return sendFile(response, folder, rest);
  }
  response.writeHead(200, { 'Content-Type': 'image/svg+xml' });
  response.end(unicon(path.parse(rest).name) ?? RING);
}

async function sendFile(response: Exchange['response'], folder: string, rest: string): Promise<void> {
  const file = inside(folder, rest);
  if (!(await isFile(file))) {
    return notFound(response);
  }
  response.writeHead(200, {
    'Content-Type': TYPES[path.extname(file)] ?? 'application/octet-stream',
    'Cache-Control': 'no-cache',
  });
  createReadStream(file).pipe(response);
}

/** Normalised from the root first, so that no `..` leads out of the folder. */
const inside = (folder: string, rest: string) => path.join(folder, path.normalize(`/${rest}`));

const isFile = (file: string) =>
  stat(file).then(
    (found) => found.isFile(),
    () => false
  );

function notFound(response: Exchange['response']): void {
  sendJson(response, 404, { message: 'Not found' });
}
