import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { expandEnvironment } from './environment';

/**
 * The documents of `<provisioning>/<kind>/*.yaml`, in the order of their names, with the environment filled in.
 *
 * @throws Error naming the file when one is not YAML
 */
export function provisioningFiles(provisioning: string, kind: string, environment: NodeJS.ProcessEnv): unknown[] {
  const folder = path.join(provisioning, kind);
  if (!existsSync(folder)) {
    return [];
  }
  return readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => {
      const file = path.join(folder, name);
      try {
        return expandEnvironment(parse(readFileSync(file, 'utf8')) as unknown, environment);
      } catch (error) {
        throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`);
      }
    });
}
