import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import type { Alerts } from '@live-runbooks/sources';
import { MendText } from '../../components/MendText';
import { PageLink } from '../../components/PageLink';
import { Section } from '../../components/Section';
import { testIds } from '../../components/testIds';
import { runbookUrl } from '../../url/links';
import type { PageUrl } from '../../url/pageUrl';
import type { AlertRow } from '../../view/alerts';
import { clock } from '../../words/amounts';
import { REASONS } from '../../words/reasons';
import { sentence } from '../../words/sentence';

interface Props {
  rows: readonly AlertRow[] | undefined;
  problems: Alerts['problems'];
  /** Whether any source of alerts answered. */
  heard: boolean;
  url: PageUrl;
  now: number;
}

/** What fires now in Grafana, Prometheus and Loki, each with the runbook that it leads to. */
export function AlertsFiring({ rows, problems, heard, url, now }: Props) {
  const styles = useStyles2(getStyles);
  const past = url.at !== undefined;
  return (
    <Section
      title="Alerts firing"
      note={rows && rows.length > 0 ? `${rows.length}${past ? ' · then' : ''}` : ''}
      data-testid={testIds.triage.alerts}
    >
      <ul className={styles.list}>
        {rows?.map((row) => (
          <AlertLine key={row.key} row={row} url={url} now={now} />
        ))}
        {rows?.length === 0 && <li className={styles.weak}>{quiet(past, problems.length === 0, heard)}</li>}
        {!rows && <li className={styles.weak}>Asking Grafana, Prometheus and Loki…</li>}
        {problems.map((p) => (
          <li key={`${p.source}${p.rule ?? ''}`} className={styles.problem}>
            <Icon name={REASONS[p.reason].icon} size="sm" aria-hidden />
            <span>
              {sentence(p.detail)} <MendText text={sentence(p.mend)} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** What could not be read, if anything, is listed below it. */
function quiet(past: boolean, all: boolean, some: boolean): string {
  if (!some) {
    return past ? 'Alert state of then unknown.' : 'Alert state unknown.';
  }
  return `${past ? 'No alerts fired then' : 'No alerts firing'}${all ? '' : ' in what could be read'}.`;
}

function AlertLine({ row, url, now }: { row: AlertRow; url: PageUrl; now: number }) {
  const styles = useStyles2(getStyles);
  return (
    <li data-testid={testIds.triage.alert} data-alert={row.alert.name}>
      <div className={styles.head}>
        <Icon name={row.severity === 'critical' ? 'exclamation-circle' : 'bell'} size="sm" aria-hidden />
        <span className={styles.name}>{row.alert.name}</span>
        <span className={styles.weak}>
          {[row.severity, row.alert.activeAt && `since ${clock(row.alert.activeAt, now)}`].filter(Boolean).join(' · ')}
        </span>
      </div>
      {row.summary && <div className={styles.summary}>{row.summary}</div>}
      <div className={styles.links}>
        {row.runbooks.map((r) => (
          <PageLink
            key={r.pack + r.runbook}
            to={runbookUrl(r.pack, r.runbook, { at: url.at, params: { ...r.params, ...url.params } })}
            aria-label={`Open the runbook ${r.title} for the alert ${row.alert.name}`}
          >
            {r.title}
          </PageLink>
        ))}
        {row.runbooks.length === 0 && <span className={styles.weak}>No runbook knows this alert.</span>}
      </div>
    </li>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({
    listStyle: 'none',
    margin: 0,
    padding: 0,
    display: 'grid',
    gap: theme.spacing(1.25),
    minHeight: theme.spacing(8),
  }),
  head: css({
    display: 'flex',
    alignItems: 'baseline',
    gap: theme.spacing(0.75),
    flexWrap: 'wrap',
    '> :first-child': { alignSelf: 'center' },
  }),
  name: css({ fontWeight: theme.typography.fontWeightMedium, overflowWrap: 'anywhere' }),
  summary: css({ overflowWrap: 'anywhere' }),
  links: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0, 1.5) }),
  weak: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
  problem: css({
    ...theme.typography.bodySmall,
    color: theme.colors.text.secondary,
    overflowWrap: 'anywhere',
    display: 'grid',
    gridTemplateColumns: `${theme.spacing(2)} minmax(0, 1fr)`,
    gap: theme.spacing(0.75),
    alignItems: 'start',
    '> :first-child': { marginTop: 2 },
  }),
});
