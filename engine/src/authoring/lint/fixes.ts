/** Fixes that may be run at night, and alerts that lead somewhere. */
import type { Pack } from '../../model/pack';
import type { Report } from './report';

export function lintFixes(pack: Pack, report: Report): void {
  for (const runbook of pack.runbooks) {
    for (const fix of Object.values(runbook.fixes)) {
      const origin = `fix ${runbook.id}/${fix.id}`;
      if (fix.risk === 'destructive' && fix.rollback === undefined && fix.confirm === undefined) {
        report.error(
          origin,
          'destructive',
          `\`${fix.id}\` is destructive: give it a rollback, or a confirm that says what cannot be undone`
        );
      }
      if (fix.kind !== 'read' && fix.verify === undefined) {
        report.warning(
          origin,
          'no-verify',
          `\`${fix.id}\` changes something: name the signal that shows whether it worked (verify)`
        );
      }
      if (fix.kind === 'read' && fix.risk !== 'safe') {
        report.error(origin, 'risk', `\`${fix.id}\` only reads, so its risk is safe`, ['risk']);
      }
    }
    runbook.prevention.forEach(({ alert }, index) => {
      if (!runbook.alerts.includes(alert)) {
        report.error(
          `prevention ${runbook.id}/${index}`,
          'alert-without-runbook',
          `the alert \`${alert}\` does not open this runbook: add it to alerts`,
          ['alert']
        );
      }
    });
  }
}
