import { createRequire } from 'node:module';

interface IconSet {
  icons: Record<string, { body: string } | undefined>;
  aliases: Record<string, { parent: string } | undefined>;
}

const require = createRequire(import.meta.url);
let icons: IconSet | undefined;

/** An icon of the set that Grafana draws from; `@grafana/ui` carries about half of those that Grafana uses. */
export function unicon(name: string): string | undefined {
  icons ??= require('@iconify-json/uil/icons.json') as IconSet;
  const body = (icons.icons[name] ?? icons.icons[icons.aliases[name]?.parent ?? ''])?.body;
  return body && `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">${body}</svg>`;
}
