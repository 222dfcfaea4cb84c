/** Fixes that may be run at night. */
import type { Pack } from '../../../model/pack';
import type { Report } from '../report';
import { inputsAreUsed } from './inputs';
import { placeIsNamed } from './place';
import { proseIsNoCommand } from './prose';
import { riskIsTrue } from './risk';
import type { FixRule } from './rule';
import { targetsAreCompared } from './targets';
import { successIsSeen } from './verify';

const RULES: readonly FixRule[] = [
  riskIsTrue,
  successIsSeen,
  placeIsNamed,
  targetsAreCompared,
  proseIsNoCommand,
  inputsAreUsed,
];

export function lintFixes(pack: Pack, report: Report): void {
  for (const runbook of pack.runbooks) {
    for (const fix of Object.values(runbook.fixes)) {
      for (const rule of RULES) {
        rule(fix, pack, (name, message, path) =>
          report.error(`fix ${runbook.id}/${fix.id}`, name, `\`${fix.id}\` ${message}`, path)
        );
      }
    }
  }
}
