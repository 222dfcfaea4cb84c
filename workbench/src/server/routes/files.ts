import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { hostBundle } from '../../../build';
import { dataSourceLogo } from '../page/dataSourceLogos';
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
  route('/out/*', (exchange, rest) => sendFile(exchange, hostBundle, rest)),
  route('/public/plugins/:id/*', (exchange, rest, id) =>
    id === exchange.state.plugin.id ? sendFile(exchange, exchange.state.pluginDist, rest) : sendLogo(exchange, rest, id)
  ),
  route('/public/build/img/*', (exchange, rest) => sendIcon(exchange, rest)),
  route('/public/img/*', (exchange, rest) => sendIcon(exchange, rest)),
  route('/public/fonts/inter/*', (exchange, rest) =>
    sendFile(
      exchange,
      path.join(folderOf('@fontsource/inter'), 'files'),
      `${INTER[path.parse(rest).name] ?? 'none'}.woff2`
    )
  ),
  route('/public/fonts/roboto/*', (exchange) =>
    sendFile(exchange, path.join(folderOf('@fontsource/roboto-mono'), 'files'), 'roboto-mono-latin-400-normal.woff2')
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

async function sendIcon(exchange: Exchange, rest: string): Promise<void> {
  const folder = path.join(folderOf('@grafana/ui'), 'dist/public/img');
  if (await isFile(inside(folder, rest))) {
    return sendFile(exchange, folder, rest);
  }
  sendSvg(exchange, unicon(path.parse(rest).name) ?? RING);
}

function sendLogo(exchange: Exchange, rest: string, type: string): void {
  const logo = rest.startsWith('img/') ? dataSourceLogo(type) : undefined;
  return logo ? sendSvg(exchange, logo) : notFound(exchange.response);
}

function sendSvg({ response }: Exchange, drawing: string): void {
  response.writeHead(200, { 'Content-Type': TYPES['.svg'] });
  response.end(drawing);
}

/** With an ETag, so that a reload asks again but loads nothing that has not changed. */
async function sendFile({ request, response }: Exchange, folder: string, rest: string): Promise<void> {
  const file = inside(folder, rest);
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) {
    return notFound(response);
  }
  const etag = `"${found.size}-${found.mtimeMs}"`;
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, { ETag: etag });
    response.end();
    return;
  }
  response.writeHead(200, {
    'Content-Type': TYPES[path.extname(file)] ?? 'application/octet-stream',
    'Cache-Control': 'no-cache',
    ETag: etag,
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
