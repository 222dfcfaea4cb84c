import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { Finding } from '@live-runbooks/engine';
import { framedList } from '../../components/lists';
import { MendText } from '../../components/MendText';
import { PageLink } from '../../components/PageLink';
import { Section } from '../../components/Section';
import { testIds } from '../../components/testIds';
import { BADGE_WIDTH, VerdictBadge } from '../../components/VerdictBadge';
import { clock } from '../../words/amounts';
import { sentence, unbroken } from '../../words/sentence';
import { SEVERITIES } from '../../words/severity';

interface Props {
  findings: readonly Finding[];
  judgedAt: number;
  linkTo: (runbook: NonNullable<Finding['runbook']>) => string;
}

/** What is red and no suspect explains. A guide never lists everything, so this is said whatever the suspects are. */
export function Findings({ findings, judgedAt, linkTo }: Props) {
  const styles = useStyles2(getStyles);
  if (findings.length === 0) {
    return null;
  }
  return (
    <Section title="Not explained by any runbook" note={String(findings.length)} data-testid={testIds.triage.findings}>
      <ul className={styles.list}>
        {findings.map((finding) => (
          <li
            key={`${finding.kind}/${finding.id}`}
            className={styles.row}
            data-testid={testIds.triage.finding}
            data-finding={`${finding.kind}/${finding.id}`}
          >
            <VerdictBadge wording={SEVERITIES[finding.severity]} />
            <div className={styles.text}>
              <div className={styles.title}>{[finding.title, finding.where].filter(Boolean).join(' · ')}</div>
              <div>{unbroken(finding.says)}</div>
              {finding.mend && (
                <div className={styles.weak}>
                  <MendText text={sentence(finding.mend)} />
                </div>
              )}
              {finding.runbook && (
                <div className={styles.weak}>
                  Asked about in <PageLink to={linkTo(finding.runbook)}>{finding.runbook.title}</PageLink>
                </div>
              )}
            </div>
            <span className={styles.since}>
              {finding.since !== undefined && `since ${clock(finding.since, judgedAt)}`}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css(framedList(theme)),
  row: css({
    display: 'grid',
    gridTemplateColumns: `${theme.spacing(BADGE_WIDTH)} minmax(0, 1fr) auto`,
    gap: theme.spacing(1.5),
    alignItems: 'baseline',
    padding: theme.spacing(1.25, 2),
  }),
  text: css({ display: 'grid', gap: theme.spacing(0.25), overflowWrap: 'anywhere' }),
  title: css({ fontWeight: theme.typography.fontWeightMedium }),
  weak: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
  since: css({
    ...theme.typography.bodySmall,
    color: theme.colors.text.secondary,
    fontVariantNumeric: 'tabular-nums',
    whiteSpace: 'nowrap',
  }),
});
