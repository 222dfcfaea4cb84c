import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** One recorded request and what the real server answered. */
export interface Exchange {
  request: { method: string; path: string; as?: string; body?: unknown };
  response: { status: number; contentType: string | null; body: unknown };
}

const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), 'recorded');

export function recorded(server: 'grafana-12.2.0' | 'loki', name: string): Exchange {
  return JSON.parse(readFileSync(path.join(folder, server, `${name}.json`), 'utf8')) as Exchange;
}

export function recordedNames(server: 'grafana-12.2.0' | 'loki', pattern: RegExp): string[] {
  return readdirSync(path.join(folder, server))
    .map((file) => path.parse(file).name)
    .filter((name) => pattern.test(name))
    .sort();
}
