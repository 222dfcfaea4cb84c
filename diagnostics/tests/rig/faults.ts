/** The faults that a test file injected, as one part of the table in docs/diagnostics-faults.md. */
import type { CheckResult } from '@live-runbooks/engine';
import type { Service } from '../../src';
import type { Round } from '../../src/model/round';
import { type FaultRow, faultTable } from '../faultTable';
import { checkIn, roundOf, until } from './client';

const WORST_FIRST = ['critical', 'warning', 'unknown', 'ok'];

const isUnasked = ({ reason }: CheckResult): boolean => reason === 'not-applicable' || reason === 'not-configured';

export class FaultLog {
  private readonly rows: FaultRow[] = [];

  constructor(private readonly part: string) {}

  record(fault: string, round: Round & { readonly ms: number }): void {
    const { state, class: is, ms, checks } = round;
    // What is missing in the configuration of a test is no finding of its fault.
    const said = [...checks].sort((a, b) => Number(isUnasked(a)) - Number(isUnasked(b)));
    const worst = WORST_FIRST.flatMap((each) => said.filter((check) => check.state === each))[0];
    if (worst === undefined) {
      throw new Error(`${fault}: a round without checks`);
    }
    this.rows.push({ fault, state, class: is, slowestMs: ms, check: worst.id, says: worst.summary });
  }

  /** The round in which the check is in that state. */
  async recordWhen(
    fault: string,
    { service, target, check, state }: { service: Service; target: string; check: string; state: CheckResult['state'] }
  ): Promise<void> {
    const round = await until(
      `${fault} is in a round`,
      () => roundOf(service, target),
      (each) => checkIn(each, check).state === state
    );
    this.record(fault, round);
  }

  /** Writes the part, or holds it against what is written. */
  finish(): void {
    faultTable(this.part, this.rows);
  }
}
