/** Alerts that lead somewhere. */
import type { Pack } from '../../model/pack';
import type { Report } from './report';

export function lintPrevention(pack: Pack, report: Report): void {
  for (const runbook of pack.runbooks) {
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
