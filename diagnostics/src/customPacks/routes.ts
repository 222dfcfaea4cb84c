/** The custom packs, compiled, and what is wrong with the files. */
import { z } from 'zod';
import { type Extension, json, refusals } from '../http/extension';
import type { WatchedPacks } from './watched';

const packs = z.strictObject({
  packs: z.array(
    z.strictObject({
      folder: z.string(),
      hash: z.string().describe('equal while nothing in the pack changed'),
      loadedAt: z.number().describe('milliseconds since the epoch'),
      files: z.record(z.string(), z.string()).describe('the file of each runbook, by its id'),
      stale: z.boolean().describe('the files are broken now; this is the last good version'),
      pack: z.looseObject({ id: z.string(), title: z.string(), format: z.literal(1) }).describe('compiled pack'),
    })
  ),
  problems: z
    .array(
      z.strictObject({
        file: z.string(),
        line: z.number(),
        column: z.number(),
        severity: z.enum(['error', 'warning']),
        rule: z.string(),
        message: z.string(),
      })
    )
    .describe('what is wrong in the files, and where'),
});

/** `packs` undefined: no directory is configured, and the answer is empty. */
export function customPackRoutes(watched: WatchedPacks | undefined): Extension {
  return {
    schemas: { CustomPacks: packs },
    register(app) {
      app.get('/v1/packs', async () => watched?.current() ?? { packs: [], problems: [] });
    },
    paths: {
      '/v1/packs': {
        get: {
          summary: 'Packs of the configured directory, compiled',
          responses: { 200: json('CustomPacks', 'packs, and problems with file and line'), ...refusals() },
        },
      },
    },
  };
}
