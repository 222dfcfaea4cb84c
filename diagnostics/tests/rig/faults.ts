/** The faults that a test file injected, as one part of the table in docs/diagnostics-faults.md. */
import type { CheckResult } from '@live-runbooks/engine';
import type { Service } from '../../src';
import type { Round } from '../../src/model/round';
import { type FaultRow, faultTable } from '../faultTable';
import { checkIn, roundOf, until } from './client';

type TimedRound = Round & { readonly ms: number };

/**
 * The test names the check that the fault is about. Any other check of the round may have a finding of its own, because the
 * machine is busy: the table has to be the same then.
 */
export function faultRow(fault: string, check: string, round: TimedRound): FaultRow {
  const { id, state, summary } = checkIn(round, check);
  return { fault, state, class: round.class, slowestMs: round.ms, check: id, says: summary };
}

export class FaultLog {
  private readonly rows: FaultRow[] = [];

  /** `cannot`: which faults the server of this run cannot have: their rows are not missed. */
  constructor(
    private readonly part: string,
    private readonly cannot: (fault: string) => boolean = () => false
  ) {}

  /** `check`: the check that the fault is about. */
  record(fault: string, check: string, round: TimedRound): void {
    this.rows.push(faultRow(fault, check, round));
  }

  /** Waits for a round in which the server is available and the check is in that state. */
  async recordWhen(
    fault: string,
    { service, target, check, state }: { service: Service; target: string; check: string; state: CheckResult['state'] }
  ): Promise<void> {
    const round = await until(
      `${fault} is in a round`,
      () => roundOf(service, target),
      (each) => each.class === 'ok' && checkIn(each, check).state === state
    );
    this.record(fault, check, round);
  }

  /** Writes the part, or holds it against what is written. */
  finish(): void {
    faultTable(this.part, this.rows, this.cannot);
  }
}
