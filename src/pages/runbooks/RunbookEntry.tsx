import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { capitalise } from '@live-runbooks/engine';
import { PageLink } from '../../components/PageLink';
import { testIds } from '../../components/testIds';
import type { RunbookAddress } from '../../estate/runbookAddress';
import { originWords, type PackOrigin } from '../../packs/library';
import { runbookUrl } from '../../url/links';
import type { CatalogueEntry } from '../../view/catalogue';
import { count } from '../../words/amounts';
import { guideSections } from '../../words/guide';

interface Props {
  entry: CatalogueEntry;
  /** Where it is evaluated. */
  at: RunbookAddress;
  origin: PackOrigin;
  /** Its pack is off: there is no page that evaluates it. */
  isOff: boolean;
}

export function RunbookEntry({ entry: { pack, runbook }, at, origin, isOff }: Props) {
  const styles = useStyles2(getStyles);
  const facts = [
    capitalise(runbook.area),
    count(runbook.causes.length, 'cause'),
    runbook.alerts.length > 0 ? `Alerts: ${runbook.alerts.join(', ')}` : '',
    guideSections(runbook),
    // Of the packs that are built in the group says so; of the others each runbook has a file of its own.
    origin.kind === 'built-in' ? '' : capitalise(originWords(origin, runbook.id)),
    isOff ? 'Off' : '',
  ];
  return (
    <li
      className={styles.row}
      data-testid={testIds.runbooks.row}
      data-runbook={`${pack.id}/${runbook.id}`}
      data-off={isOff}
    >
      {isOff ? (
        <span className={styles.title}>{runbook.title}</span>
      ) : (
        <PageLink to={runbookUrl(at.pack, at.runbook)} className={styles.title}>
          {runbook.title}
        </PageLink>
      )}
      <div>{runbook.summary}</div>
      <div className={styles.weak}>{facts.filter(Boolean).join(' · ')}</div>
    </li>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  row: css({ display: 'grid', gap: theme.spacing(0.25), padding: theme.spacing(1.25, 2), overflowWrap: 'anywhere' }),
  title: css({ fontWeight: theme.typography.fontWeightMedium }),
  weak: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
});
