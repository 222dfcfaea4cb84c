/** The diagnostics service, behind the plugin's proxy route: one request for the last round of every target. */
import type { CheckResult, PlannedQuery, Reading, SeenRound, Unread } from '@live-runbooks/engine';
import type { Answer, AskRequest } from './ask';
import { parseCheck } from './checkResult';
import { isoOf, safeDetail } from './detail';
import { failureReading, type Failure, type Timing } from './failure';
import { isObject, textOf } from './json';
import { isBrokenJson, isHtml, pageKind } from './page';
import { CONFIGURATION_PAGE, isSignedOut, refusalDetail, refused, type Asking } from './refusal';

/** Of all targets unless some are named. With `at` (ms), for the rounds that were in force then instead of the last ones. */
export function diagnosticsRequest(pluginId: string, targets?: readonly string[], at?: number): AskRequest {
  const params = {
    ...(targets === undefined ? {} : { targets: targets.join(',') }),
    ...(at === undefined ? {} : { at: String(Math.round(at)) }),
  };
  return { ...proxied(pluginId, 'v1/rounds'), params };
}

export function targetsRequest(pluginId: string): AskRequest {
  return proxied(pluginId, 'v1/targets');
}

export function packsRequest(pluginId: string): AskRequest {
  return proxied(pluginId, 'v1/packs');
}

export function proxied(pluginId: string, path: string): AskRequest {
  return { method: 'GET', url: `/api/plugin-proxy/${pluginId}/diagnostics/${path}` };
}

/** A target that cannot be in a list of targets has not been configured; undefined when it can be asked. */
export function unaskable(query: PlannedQuery): Failure | undefined {
  if (query.target !== undefined && /^[\w.-]+$/.test(query.target) && query.check) {
    return undefined;
  }
  return {
    reason: 'not-configured',
    detail: query.target
      ? `“${query.target}” is not the id of a target`
      : 'no target of the diagnostics service is named',
    mend: `Set the target's parameter to the id of a target of the diagnostics service on ${CONFIGURATION_PAGE}.`,
  };
}

/** The service refuses a whole list when it does not know one target of it: then each is asked alone. */
export function isUnknownTarget(answer: Answer): boolean {
  return answer.status === 404 && serviceError(answer.body) !== undefined;
}

/** The service itself says that it has no such route: it is older than whoever asks. */
export function isUnknownRoute(answer: Answer): boolean {
  const error = isObject(answer.body) ? answer.body.error : undefined;
  return answer.status === 404 && isObject(error) && error.code === 'not-found';
}

/** The rounds of one answer as they came, and why there is none of some target; or why there are none at all. */
type Rounds = { readonly rounds: readonly unknown[]; readonly missing: readonly unknown[] } | Failure;

/** @param at the past that was asked for (ms); undefined is now. A service that does not look back has said nothing of it. */
function roundsOf(asking: Asking, at: number | undefined, answer: Answer): Rounds {
  const { status, body } = answer;
  const { rounds, missing, error, at: then } = isObject(body) ? body : ({} as Record<string, unknown>);
  if (at !== undefined && (status === 501 || (isObject(error) && error.code === 'recorder-off'))) {
    return keepsNoPast(answer);
  }
  if (status !== 200 || !Array.isArray(rounds)) {
    return refusedByService(asking, answer);
  }
  if (at === undefined) {
    return { rounds, missing: [] };
  }
  // Older services do not know `at`, and would answer with the present.
  return then === Math.round(at) && Array.isArray(missing) ? { rounds, missing } : TOO_OLD_FOR_THE_PAST;
}

/**
 * The reading of each query from the rounds of one answer: the last ones, or those that were in force at `at` (ms). Pure.
 * A target of which nothing was recorded then is not known.
 */
export function readRounds(
  asking: Asking,
  queries: readonly PlannedQuery[],
  at: number | undefined,
  answer: Answer,
  timing: Timing
): ReadonlyMap<string, Reading> {
  const read = roundsOf(asking, at, answer);
  return new Map(
    queries.map((query): [string, Reading] => {
      if ('reason' in read) {
        return [query.id, failureReading(read, timing)];
      }
      const absent: unknown = read.missing.find((one: unknown) => isObject(one) && one.target === query.target);
      return [
        query.id,
        at !== undefined && isObject(absent) && absent.reason !== 'unknown-target'
          ? failureReading(nothingThen(query.target ?? '', at, absent.nearest), timing)
          : readCheck(asking, query, read.rounds, timing),
      ];
    })
  );
}

/**
 * Every check of every target in one answer, whether a signal asks for it or not, and what of it could not be read. Pure.
 */
export function seeRounds(
  asking: Asking,
  at: number | undefined,
  answer: Answer
): { readonly rounds: readonly SeenRound[]; readonly unread: readonly Unread[] } {
  const read = roundsOf(asking, at, answer);
  if ('reason' in read) {
    return { rounds: [], unread: [{ what: asking.name, ...read }] };
  }
  const unread: Unread[] = read.missing.flatMap((one) => {
    const target = isObject(one) ? textOf(one.target) : undefined;
    return isObject(one) && target !== undefined && at !== undefined
      ? [{ what: `the checks of ${target}`, ...nothingThen(target, at, one.nearest) }]
      : [];
  });
  const rounds = read.rounds.flatMap((round): SeenRound[] => {
    const target = isObject(round) ? textOf(round.target) : undefined;
    if (!isObject(round) || target === undefined || !Array.isArray(round.checks)) {
      unread.push({ what: 'a round of checks', ...malformed('a round without a target or without checks') });
      return [];
    }
    const title = textOf(round.title) ?? target;
    const checks = round.checks.flatMap((json: unknown): CheckResult[] => {
      const check = parseCheck(json);
      if (!('malformed' in check)) {
        return [check];
      }
      const id = isObject(json) ? textOf(json.id) : undefined;
      unread.push({ what: `${title}: ${id ?? 'a check'}`, ...malformed(`${check.malformed} of ${id ?? 'a check'}`) });
      return [];
    });
    const kind = textOf(round.kind);
    return [{ target, ...(kind === undefined ? {} : { kind }), title, checks }];
  });
  return { rounds, unread };
}

function keepsNoPast(answer: Answer): Failure {
  const own = serviceError(answer.body);
  return {
    reason: 'not-configured',
    detail: 'the diagnostics service keeps no past',
    mend: `Go back to now for what the diagnostics service sees. For the next time: ${own?.mend ?? 'switch its recorder on in its configuration.'}`,
  };
}

const TOO_OLD_FOR_THE_PAST: Failure = {
  reason: 'not-configured',
  detail: 'the diagnostics service answers of the present only',
  mend: 'Update the diagnostics service: this version keeps no past. Go back to now for what it sees.',
};

function nothingThen(target: string, at: number, nearest: unknown): Failure {
  const { before, after } = isObject(nearest) ? nearest : {};
  const found = [
    typeof before === 'number' ? `before: ${isoOf(before)}` : [],
    typeof after === 'number' ? `after: ${isoOf(after)}` : [],
  ].flat();
  return {
    reason: 'no-series',
    detail: `the diagnostics service recorded nothing of “${target}” at ${isoOf(at)}`,
    mend:
      found.length === 0
        ? 'Go back to now for what the diagnostics service sees.'
        : `Choose a time that was recorded (nearest ${found.join(', ')}), or go back to now.`,
  };
}

/** Why the service, its proxy route or Grafana gave no rounds, or nothing else that was asked for. */
export function refusedByService(asking: Asking, answer: Answer, what = 'rounds'): Failure {
  const { status, body } = answer;
  const page = CONFIGURATION_PAGE;
  const detail = refusalDetail(answer, asking);
  const own = serviceError(body);
  if (isSignedOut(answer)) {
    return refused(answer, asking);
  }
  if (isHtml(body)) {
    return { reason: 'query-error', detail, mend: mendPage(status, body) };
  }
  if (isBrokenJson(body)) {
    return {
      reason: 'query-error',
      detail,
      mend: 'The answer was cut off or changed on its way: refresh; if it stays, check the diagnostics service, and what stands between it and Grafana.',
    };
  }
  if (status === 401) {
    return {
      reason: 'no-permission',
      detail,
      mend: `The diagnostics service refuses the token: set the service's token on ${page}.`,
    };
  }
  if (status === 403) {
    return {
      reason: 'no-permission',
      detail,
      mend:
        own?.mend ??
        `Ask a Grafana administrator for the permission ${asking.permission} (the app's role “Diagnostics reader” has it).`,
    };
  }
  if (status === 404) {
    return own
      ? {
          reason: 'not-configured',
          detail,
          mend: `${own.mend ?? 'The diagnostics service has no such target.'} Name one that it has on ${page}, or add it to the service's configuration.`,
        }
      : { reason: 'not-configured', detail, mend: mendMissingRoute(body, asking.pluginId) };
  }
  if (status === 502 && own === undefined) {
    return {
      reason: 'query-error',
      detail,
      mend: `Grafana cannot reach the diagnostics service: start it, and check its URL on ${page}.`,
    };
  }
  if (status === 408 || status === 504) {
    return { reason: 'timeout', detail, mend: own?.mend ?? 'Check the load of the diagnostics service, then refresh.' };
  }
  return {
    reason: 'query-error',
    detail: status === 200 ? safeDetail(`HTTP 200, but the answer holds no ${what}`) : detail,
    mend:
      own?.mend ??
      (status === 200
        ? `Check that the URL on ${page} is that of the diagnostics service, of the same version as the app.`
        : 'The log of the diagnostics service says why; then refresh.'),
  };
}

function readCheck(asking: Asking, query: PlannedQuery, rounds: readonly unknown[], timing: Timing): Reading {
  const fail = (failure: Failure) => failureReading(failure, timing);
  const round = rounds.find((candidate) => isObject(candidate) && candidate.target === query.target);
  const page = CONFIGURATION_PAGE;
  if (!isObject(round)) {
    return rounds.every((candidate) => isObject(candidate) && typeof candidate.target === 'string')
      ? fail({
          reason: 'not-configured',
          detail: `the diagnostics service has no target “${query.target}”`,
          mend: `Add the target “${query.target}” to the configuration of the diagnostics service, or name another one on ${page}.`,
        })
      : fail(malformed('a round without a target'));
  }
  if (!Array.isArray(round.checks)) {
    return fail(malformed(`the round of “${query.target}” has no checks`));
  }
  const check: unknown = round.checks.find((candidate: unknown) => isObject(candidate) && candidate.id === query.check);
  if (check === undefined) {
    const kind = query.check?.split('.')[0];
    return fail(
      typeof round.kind === 'string' && round.kind !== kind
        ? {
            reason: 'not-configured',
            detail: `the target “${query.target}” is of kind ${round.kind}, the check ${query.check} is for ${kind}`,
            mend: `Name a target of kind ${kind} on ${page}.`,
          }
        : {
            reason: 'not-configured',
            detail: `the round of “${query.target}” has no check ${query.check}`,
            mend: `Update the diagnostics service, or enable the check ${query.check} for “${query.target}” in its configuration.`,
          }
    );
  }
  const parsed = parseCheck(check);
  if ('malformed' in parsed) {
    return fail(malformed(`${parsed.malformed} of the check ${query.check}`));
  }
  // A round may have been taken before this request: the answer is as old as the check, not as the request.
  return { kind: 'check', check: parsed, askedAt: Math.min(timing.askedAt, parsed.askedAt), tookMs: timing.tookMs };
}

function malformed(what: string): Failure {
  return {
    reason: 'query-error',
    detail: safeDetail(`the diagnostics service's answer cannot be read: ${what}`),
    mend: 'Run the diagnostics service in the same version as the app.',
  };
}

/** A page instead of an answer of the service: the address is wrong, or a proxy answered. */
function mendPage(status: number, html: string): string {
  const page = CONFIGURATION_PAGE;
  const kind = pageKind(html);
  if (kind === 'grafana') {
    return `The diagnostics URL leads to Grafana, not to the service: correct the address on ${page}.`;
  }
  if (kind === 'sign-in') {
    return `A sign-in page answered instead of the diagnostics service: reload the page and sign in; if it stays, the address on ${page} leads to that page.`;
  }
  return status >= 500
    ? `A proxy answered instead of the diagnostics service: check that the service runs, and the address on ${page}.`
    : `The diagnostics URL answers with a web page, not with the service: check the address on ${page}.`;
}

function mendMissingRoute(body: unknown, pluginId: string): string {
  const message = isObject(body) ? textOf(body.message) : undefined;
  if (message === 'Plugin is not enabled') {
    return 'Enable the app under Administration → Plugins.';
  }
  if (message === 'Plugin not found') {
    return `Install the app ${pluginId}, and restart Grafana.`;
  }
  return message === 'plugin route match not found'
    ? 'Restart Grafana: it still runs an older version of the app, without this route.'
    : `Check that the URL on ${CONFIGURATION_PAGE} is that of the diagnostics service, without a path.`;
}

/** Errors of the service are `{error: {code, message, mend}}`; those of Grafana are `{message}`. */
function serviceError(body: unknown): { readonly mend: string | undefined } | undefined {
  const error = isObject(body) ? body.error : undefined;
  if (!isObject(error) || typeof error.code !== 'string') {
    return undefined;
  }
  const mend = textOf(error.mend);
  return { mend: mend === undefined ? undefined : safeDetail(mend) };
}
