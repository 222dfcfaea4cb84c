/** One state of the demo estate that is none of its ten faults: how it comes about, and what may be said of it. */
import type { EstateParts } from '../../demo/src/estate/estate';

export type Restore = () => Promise<void>;

/** What a case may use: the parts of the estate, and its own ten faults, for cases of two faults at once. */
export interface CaseEstate extends EstateParts {
  /** Errors: there is no such fault. */
  fault(name: string): Promise<Restore>;
}

interface Common {
  /** A slug, as on the command line. */
  readonly name: string;
  /** One line: what happens. */
  readonly title: string;
  /** How long it is watched before it is restored. Default 36 s. */
  readonly watchSeconds?: number;
  /** Makes it so, and says how it is put back. Resolves when it is done, which is before its symptoms show. */
  inject(estate: CaseEstate): Promise<Restore>;
}

export interface FaultCase extends Common {
  readonly kind: 'fault';
  /**
   * Causes (by id, of any pack) that name it. More than one entry is a case of several faults: each has to be named.
   * None: no runbook knows the cause, and abstaining is right.
   */
  readonly right: readonly RegExp[];
  /** Causes that are also true of it, each with the reason. */
  readonly acceptable?: ReadonlyArray<{ readonly cause: RegExp; readonly because: string }>;
}

/** Work and events that a healthy estate takes in its stride: any suspect is a false alarm. */
export interface HealthyCase extends Common {
  readonly kind: 'healthy';
}

export type EstateCase = FaultCase | HealthyCase;
