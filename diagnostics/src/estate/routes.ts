/** The team's estate over HTTP: read by everybody, written by whoever changed the version that is there. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { estateSettingsSchema } from '@live-runbooks/engine/authoring';
import { ApiError } from '../http/errors';
import {
  asUnavailable,
  bodyAs,
  type Extension,
  json,
  orUnavailable,
  readJson,
  refusals,
  requireJson,
  sent,
} from '../http/extension';
import { writerOf } from '../incidents/author';
import { author } from '../incidents/event';
import { type EstateBook, EstateChanged, type KeptEstate, MAX_ESTATE_BYTES } from './book';

const kept = z.strictObject({
  version: z.string().describe('names the present document; `If-Match` of a write; also the `ETag`'),
  estate: estateSettingsSchema.nullable().describe('null while nothing was written'),
  writtenAt: z.number().nullable().describe('milliseconds since the epoch, by the clock of the service'),
  writtenBy: author.nullable(),
});

export interface EstateRoutes {
  /** Undefined when nothing is kept. */
  readonly book: EstateBook | undefined;
  /** Refuse a write for which Grafana names no user. */
  readonly requireIdentity: boolean;
  /** Takes the secrets of the configuration out of a text. */
  readonly scrub: (text: string) => string;
}

export function estateRoutes({ book: given, requireIdentity, scrub }: EstateRoutes): Extension {
  const book = (): EstateBook => {
    if (given === undefined) {
      throw new ApiError(
        501,
        'estate-off',
        'this service keeps no estate',
        'Set `state.directory` in its configuration; until then the estate is in the settings of the plugin.'
      );
    }
    return given;
  };
  const answer = (reply: FastifyReply, found: KeptEstate) => reply.header('etag', `"${found.version}"`).send(found);
  const refuseSecrets = (text: string): void => {
    if (scrub(text) !== text) {
      throw new ApiError(
        400,
        'secret',
        'the estate holds a secret of the configuration of this service',
        'Take it out: whoever may look at the pages may read the estate.'
      );
    }
  };

  return {
    schemas: { KeptEstate: kept, EstateSettings: estateSettingsSchema },
    register(app) {
      readJson(app, MAX_ESTATE_BYTES);

      app.get('/v1/estate', async (_request, reply) =>
        answer(
          reply,
          orUnavailable('estate', () => book().read())
        )
      );

      app.put('/v1/estate', async (request, reply) => {
        const who = writerOf(request, requireIdentity);
        requireJson(request);
        const version = versionIn(request);
        const estate = bodyAs(estateSettingsSchema, request);
        refuseSecrets(JSON.stringify(estate));
        try {
          return await answer(reply, book().write(estate, version, who));
        } catch (error) {
          throw error instanceof EstateChanged ? changed() : asUnavailable('estate', error);
        }
      });
    },
    paths: {
      '/v1/estate': {
        get: {
          summary: 'The estate of the team: adoption, names, arrows and values of components',
          responses: { 200: json('KeptEstate', 'the estate and its version'), ...refusals(...OUT) },
        },
        put: {
          summary: 'Write the estate as a whole, over the version that was changed',
          parameters: [
            {
              name: 'If-Match',
              in: 'header',
              required: true,
              description: 'the `version` that was changed, in quotes; "0" where nothing was written',
              schema: { type: 'string' },
            },
          ],
          requestBody: sent('EstateSettings'),
          responses: {
            200: json('KeptEstate', 'written, and on the disk'),
            ...refusals(
              [400, 'not such an estate: the message names the key; or it holds a secret'],
              [403, 'nobody is named: `requireIdentity`'],
              [412, 'it was changed meanwhile: read it again'],
              [413, 'larger than 1 MB'],
              [415, 'not JSON'],
              [428, 'no `If-Match`'],
              ...OUT
            ),
          },
        },
      },
    },
  };
}

const OUT = [
  [501, 'no estate is kept'],
  [503, 'it cannot be read or written now: try again'],
] as const;

const changed = (): ApiError =>
  new ApiError(
    412,
    'estate-changed',
    'the estate was changed meanwhile',
    'Read it again, and make the change in what it is now.'
  );

/** A proxy that compresses may have made the tag a weak one. Errors: `ApiError` 428. */
function versionIn(request: FastifyRequest): string {
  const [, version] = /^(?:W\/)?"([\w-]{1,100})"$/.exec(request.headers['if-match'] ?? '') ?? [];
  if (version === undefined) {
    throw new ApiError(
      428,
      'no-version',
      'the request does not say which version it changes',
      'Send `If-Match: "<version>"`, with the version that GET /v1/estate answered.'
    );
  }
  return version;
}
