import { notAmong } from '../../problem';
import type { PackRule } from './rule';

export const unknownAlert: PackRule = {
  id: 'unknown-alert',
  what: 'A runbook opens for an alert, or a signal asks for one, that no runbook of these packs defines under `prevention`, and that the pack does not name under `otherAlerts`.',
  why: 'Nobody writes the rule, so the alert never fires: the runbook does not open, and the signal is never present.',
  mend: 'Correct the name, or define the alert under `prevention` of the runbook that it opens; when a rule file of the team has it, name it under `otherAlerts` in pack.yaml.',
  check: ({ loaded, all }, tell) => {
    const defined = [
      ...new Set(
        all.flatMap(({ pack, otherAlerts }) => [
          ...pack.runbooks.flatMap(({ prevention }) => prevention.map(({ alert }) => alert)),
          ...otherAlerts,
        ])
      ),
    ];
    for (const runbook of loaded.pack.runbooks) {
      runbook.alerts.forEach((alert, index) => {
        if (!defined.includes(alert)) {
          tell(`runbook ${runbook.id}`, notAmong('the alert', alert, defined), ['alerts', index]);
        }
      });
    }
    for (const { id, query } of Object.values(loaded.pack.signals)) {
      if (query.source === 'alert' && !query.name.includes('{{') && !defined.includes(query.name)) {
        tell(`signal ${id}`, notAmong('the alert', query.name, defined), ['alert']);
      }
    }
  },
};
