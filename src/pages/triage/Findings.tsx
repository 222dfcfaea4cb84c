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
import { rowParts } from './rowParts';

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
    ...rowParts(theme).row,
    gridTemplateColumns: `${theme.spacing(BADGE_WIDTH)} minmax(0, 1fr) auto`,
  }),
  text: css(rowParts(theme).text),
  title: css({ fontWeight: theme.typography.fontWeightMedium }),
  weak: css(rowParts(theme).weak),
  since: css(rowParts(theme).since),
});
