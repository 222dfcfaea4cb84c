/** The estate of the team, as the diagnostics service keeps it. */
import type { EstateSettings } from '@live-runbooks/engine';
import type { Answer, AskRequest } from './ask';
import { isUnknownRoute, proxied, refusedByService } from './diagnostics';
import type { Failure } from './failure';
import { isObject, textOf } from './json';
import type { Asking } from './refusal';

export interface KeptEstate {
  readonly kind: 'kept';
  /** Names what is there now: whoever writes says which version they changed. */
  readonly version: string;
  /** Absent while nothing was written: that is not the same as an empty estate. */
  readonly estate?: EstateSettings;
  readonly writtenAt?: number;
  /** Login of who wrote it, where Grafana named somebody. */
  readonly writtenBy?: string;
}

export type EstateAnswer =
  | KeptEstate
  /** The service keeps none: it has no place for it, or is too old, or there is no service. `mend` where that can be changed. */
  | { readonly kind: 'none'; readonly mend?: string }
  | ({ readonly kind: 'failure' } & Failure);

/** Of a write: somebody else wrote in between. */
export type EstateWritten = EstateAnswer | { readonly kind: 'changed' };

const TOO_OLD = 'Update the diagnostics service: this version keeps no estate.';

export function estateRequest(pluginId: string): AskRequest {
  return proxied(pluginId, 'v1/estate');
}

export function estateWrite(pluginId: string, estate: EstateSettings, version: string): AskRequest {
  return { ...proxied(pluginId, 'v1/estate'), method: 'PUT', headers: { 'If-Match': `"${version}"` }, body: estate };
}

/** Pure; of reading and of writing. */
export function readEstate(asking: Asking, answer: Answer): EstateWritten {
  const { status, body } = answer;
  const { version, estate, writtenAt, writtenBy, error } = isObject(body) ? body : ({} as Record<string, unknown>);
  const code = isObject(error) ? error.code : undefined;
  if (isUnknownRoute(answer)) {
    return { kind: 'none', mend: TOO_OLD };
  }
  if (code === 'estate-off') {
    return { kind: 'none', mend: (isObject(error) && textOf(error.mend)) || TOO_OLD };
  }
  if (code === 'estate-changed') {
    return { kind: 'changed' };
  }
  const name = textOf(version);
  if (status !== 200 || name === undefined || !(estate === null || isObject(estate))) {
    return { kind: 'failure', ...refusedByService(asking, answer, 'estate') };
  }
  const login = isObject(writtenBy) ? textOf(writtenBy.login) : undefined;
  return {
    kind: 'kept',
    version: name,
    // The service has validated it.
    ...(estate === null ? {} : { estate: estate as EstateSettings }),
    ...(typeof writtenAt === 'number' ? { writtenAt } : {}),
    ...(login === undefined ? {} : { writtenBy: login }),
  };
}
