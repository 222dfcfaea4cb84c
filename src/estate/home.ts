/**
 * Where the team's estate is kept: by the diagnostics service where there is one, else in the plugin's settings. What cannot be read
 * is not empty: nobody writes over it, and no component is called not adopted because of it.
 */
import type { EstateSettings, Unread } from '@live-runbooks/engine';
import type { EstateAnswer, Failure, KeptEstate } from '@live-runbooks/sources';

export interface EstateHome {
  readonly where: 'settings' | 'service';
  /** Undefined while it is not known. */
  readonly estate: EstateSettings | undefined;
  /** What the service keeps, as it was read last. */
  readonly kept?: KeptEstate;
  /** The service has none yet, and the settings have one: the next write moves it. */
  readonly isToMove: boolean;
  /** What the settings hold beside another estate of the service. */
  readonly left?: EstateSettings;
  /** Why it cannot be read or written now. */
  readonly failure?: Failure;
  /** What would let the service keep it. */
  readonly mend?: string;
}

/** What the service said. A failure does not take away what an earlier answer told. */
export interface Told {
  readonly answer?: Exclude<EstateAnswer, { kind: 'failure' }>;
  readonly failure?: Failure;
}

/** @param inSettings what the plugin's settings hold */
export function homeOf(inSettings: EstateSettings | undefined, { answer, failure }: Told): EstateHome {
  const failed = failure === undefined ? {} : { failure };
  if (answer === undefined) {
    return { where: 'service', estate: undefined, isToMove: false, failure: failure ?? NO_ANSWER };
  }
  if (answer.kind === 'none') {
    const { mend } = answer;
    return { where: 'settings', estate: inSettings ?? {}, isToMove: false, ...(mend === undefined ? {} : { mend }) };
  }
  const isToMove = answer.estate === undefined && !isEmpty(inSettings);
  const isLeft = answer.estate !== undefined && !isEmpty(inSettings);
  return {
    ...{ where: 'service', kept: answer, isToMove, ...failed },
    estate: answer.estate ?? inSettings ?? {},
    ...(isLeft && inSettings !== undefined ? { left: inSettings } : {}),
  };
}

export function isEmpty(estate: EstateSettings | undefined): boolean {
  return Object.values(estate ?? {}).every((part) => Object.keys(part ?? {}).length === 0);
}

export const UNKNOWN_HOME = 'which components are yours';

/** That nobody knows what people said of the components; undefined while it is known. */
export function unreadHome({ estate, failure }: EstateHome): Unread | undefined {
  return estate === undefined && failure !== undefined ? { what: UNKNOWN_HOME, ...failure } : undefined;
}

/** As the sources call it where all of it could not be read. */
export const SERVICE = 'the diagnostics service';

/**
 * What is unread as of now. Why the estate could not be read the service said when it was asked for it; that it gives no rounds of now,
 * and why, is newer. `ofRounds` is what could not be read of those.
 */
export function unreadNow(unread: readonly Unread[], ofRounds: readonly Unread[] = []): readonly Unread[] {
  const failure = ofRounds.find(({ what }) => what === SERVICE);
  return failure === undefined
    ? unread
    : unread.map((one) => (one.what === UNKNOWN_HOME ? { ...failure, what: UNKNOWN_HOME } : one));
}

const NO_ANSWER: Failure = {
  reason: 'query-error',
  detail: 'the diagnostics service has not answered yet',
  mend: 'Wait for it, or look at the diagnostics service.',
};
