/** The past over HTTP: the round in force at a time, and one check over time. */
import { z } from 'zod';
import { round } from '../http/answers';
import { ApiError } from '../http/errors';
import {
  type Extension,
  inPath,
  json,
  moment,
  orUnavailable,
  parametersOf,
  queryAs,
  refusals,
} from '../http/extension';
import type { Round } from '../model/round';
import { DamagedRow } from '../store/damagedRow';
import type { HistoryAnswer, NothingRecorded, Recorder, RoundInForce } from './recorder';

const HOUR = 3_600_000;
const LONGEST = 31 * 24 * HOUR;

const time = z.number().describe('milliseconds since the epoch');
const nearest = z
  .strictObject({ before: time.nullable(), after: time.nullable() })
  .describe('the nearest rounds, where there are any');
const state = z.enum(['ok', 'warning', 'critical', 'unknown']);

const pastRounds = z.strictObject({
  at: time,
  rounds: z.array(round).describe('the rounds in force at that time'),
  missing: z
    .array(z.strictObject({ target: z.string(), reason: z.enum(['unknown-target', 'nothing-recorded']), nearest }))
    .describe('targets of which nothing is known at that time: neither good nor bad'),
});

const nothingRecorded = z.strictObject({
  error: z.strictObject({ code: z.literal('nothing-recorded'), message: z.string(), mend: z.string() }),
  nearest,
});

const history = z.strictObject({
  target: z.string(),
  check: z.string(),
  title: z.string(),
  unit: z.string(),
  threshold: z.strictObject({ warning: z.number().optional(), critical: z.number().optional() }).nullable(),
  from: time,
  to: time,
  points: z
    .array(z.strictObject({ at: time, state, value: z.number().nullable() }))
    .describe(
      'the first is the one in force at `from`; thinned with age; with more changes than points, the best and the worst state of each slice of time'
    ),
  changes: z
    .array(z.strictObject({ at: time, from: state.nullable(), to: state }))
    .describe('changes of state, the newest; from null where recording begins'),
  leftOut: z
    .strictObject({
      changes: z.number().describe('older changes that are left out'),
      before: time.nullable().describe('nothing before this time was read; null: everything was'),
    })
    .describe('what does not fit into one answer: ask for a shorter time'),
  gaps: z.array(z.strictObject({ from: time, to: time })).describe('times without rounds: unknown'),
});

const historyQuery = z.strictObject({
  check: z.string('check is missing: the id of a check').min(1).max(200).describe('id of the check'),
  from: moment('from').optional().describe('ms since the epoch; an hour before `to` when left out'),
  to: moment('to').optional().describe('ms since the epoch; now when left out'),
  points: z
    .string()
    .regex(/^\d{1,4}$/, 'a number from 10 to 5000')
    .meta({ type: 'integer' })
    .transform(Number)
    .pipe(z.number().min(10).max(5000))
    .optional()
    .describe('at most how many points, 10 to 5000; 1000 when left out'),
});

/** A 404 that says where there is something. */
export class NothingThen extends ApiError {
  constructor(
    target: string,
    at: number,
    readonly nearest: { readonly before: number | null; readonly after: number | null }
  ) {
    const { before, after } = nearest;
    const found = [
      before === null ? [] : [`before: ${iso(before)}`],
      after === null ? [] : [`after: ${iso(after)}`],
    ].flat();
    super(
      404,
      'nothing-recorded',
      `nothing was recorded of ${target} at ${iso(at)}`,
      found.length === 0 ? 'Nothing is recorded of it yet.' : `The nearest rounds are ${found.join(', ')}.`
    );
  }

  override body() {
    return { ...super.body(), nearest: this.nearest };
  }
}

export interface PastRounds {
  readonly at: number;
  readonly rounds: Round[];
  readonly missing: ReadonlyArray<{
    target: string;
    reason: NothingRecorded['reason'];
    nearest: { before: number | null; after: number | null };
  }>;
}

/** The rounds in force at `at`. Errors: `ApiError` 503. */
export function pastRoundsOf(recorder: Recorder, targets: readonly string[], at: number): PastRounds {
  const rounds: Round[] = [];
  const missing: Array<PastRounds['missing'][number]> = [];
  for (const target of targets) {
    const found = orUnavailable('recorder', () => readable(() => recorder.at(target, at)));
    if (found.found) {
      rounds.push(found.round);
    } else {
      missing.push({ target, reason: found.reason, nearest: { before: found.before, after: found.after } });
    }
  }
  return { at, rounds, missing };
}

/** Of several rounds, one that cannot be read is one of which nothing is known; the recorder has noted it. */
function readable(at: () => RoundInForce | NothingRecorded): RoundInForce | NothingRecorded {
  try {
    return at();
  } catch (error) {
    if (error instanceof DamagedRow) {
      return { found: false, reason: 'nothing-recorded', before: null, after: null };
    }
    throw error;
  }
}

/** The round of one target in force at `at`. Errors: `NothingThen`, `ApiError` 503. */
export function pastRoundOf(recorder: Recorder, target: string, at: number): Round {
  const found = orUnavailable('recorder', () => recorder.at(target, at));
  if (found.found) {
    return found.round;
  }
  throw new NothingThen(target, at, { before: found.before, after: found.after });
}

export interface RecorderRoutes {
  /** Undefined when none is configured. */
  readonly recorder: Recorder | undefined;
  /** Ids of the configured targets. */
  readonly targets: readonly string[];
  readonly now?: () => number;
}

export const recorderOff = (): ApiError =>
  new ApiError(501, 'recorder-off', 'this service keeps no past', 'Set `state.directory` in its configuration.');

export function recorderRoutes({ recorder, targets, now = Date.now }: RecorderRoutes): Extension {
  return {
    schemas: { PastRounds: pastRounds, NothingRecorded: nothingRecorded, History: history },
    register(app) {
      app.get<{ Params: { id: string } }>('/v1/targets/:id/history', async (request) => {
        const { check, from: given, to = now(), points } = queryAs(historyQuery, request);
        const from = given ?? to - HOUR;
        if (recorder === undefined) {
          throw recorderOff();
        }
        if (from >= to || to - from > LONGEST) {
          throw new ApiError(
            400,
            'bad-request',
            '`from` is not before `to`, or more than 31 days before',
            'Ask for a shorter time.'
          );
        }
        const { id } = request.params;
        const answer = orUnavailable('recorder', () => recorder.history(id, check, from, to, points));
        if (answer.found) {
          const { found: _, ...rest } = answer;
          return rest;
        }
        throw notFound(answer, id, targets, from);
      });
    },
    paths: {
      '/v1/targets/{id}/history': {
        get: {
          summary: 'One check of one target over time',
          parameters: [inPath('id', 'id of the target'), ...parametersOf(historyQuery)],
          responses: {
            200: json('History', 'points, changes of state, and gaps'),
            ...refusals(
              [400, 'bad query'],
              [404, 'no such target or check, or nothing recorded then'],
              [501, 'no recorder is configured'],
              [503, 'the recorder cannot be read now']
            ),
          },
        },
      },
    },
  };
}

function notFound(
  answer: Extract<HistoryAnswer, { found: false }>,
  target: string,
  targets: readonly string[],
  from: number
): ApiError {
  switch (answer.reason) {
    case 'unknown-check':
      return new ApiError(
        404,
        'unknown-check',
        'no such check was recorded of the target in that time',
        `Recorded are: ${answer.checks.join(', ')}.`
      );
    case 'nothing-recorded':
      return new ApiError(
        404,
        'nothing-recorded',
        `nothing was recorded of ${target} from ${iso(from)} on`,
        'Ask for another time.'
      );
    default:
      return new ApiError(
        404,
        'unknown-target',
        'nothing was ever recorded of such a target',
        `The targets of this service are: ${targets.join(', ')}.`
      );
  }
}

/** A date that JavaScript can write, or the number as it was asked for. */
const iso = (ms: number): string => (Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : `${ms} ms`);
