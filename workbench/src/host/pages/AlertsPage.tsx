import { css } from '@emotion/css';
import { dateTimeFormatTimeAgo, textUtil, type GrafanaTheme2 } from '@grafana/data';
import { Alert, Badge, EmptyState, LinkButton, LoadingPlaceholder, Text, useStyles2 } from '@grafana/ui';
import React, { useEffect, useState } from 'react';
import { Page } from '../chrome/Page';
import { ALERTS, trail } from '../chrome/navigation';
import { InstanceActions } from '../extensions/InstanceActions';
import { fetchActiveRules, type ActiveRule, type ActiveRules } from './alerts';

const LOOK_AGAIN_MS = 5000;

/** The rules that fire or are about to, each with the way to its runbook that Grafana shows. */
export function AlertsPage() {
  const active = useActiveRules();
  const page = {
    ...ALERTS,
    subTitle: 'Rules that are firing or pending, from Grafana and every data source with rules',
  };
  return (
    <Page page={page} crumbs={trail({ ...ALERTS, parentItem: { text: 'Alerting', url: '/alerting' } })}>
      {active ? <Rules {...active} /> : <LoadingPlaceholder text="Loading rules…" />}
    </Page>
  );
}

function Rules({ rules, inactive, unknown }: ActiveRules) {
  const styles = useStyles2(getStyles);
  return (
    <>
      {unknown.map(({ source, reason }) => (
        <Alert key={source} severity="warning" title={`The rules of ${source} are not known`}>
          {reason}
        </Alert>
      ))}
      {rules.length === 0 && unknown.length === 0 && (
        <EmptyState variant="completed" message="No alert is firing">
          {inactive} rules are quiet.
        </EmptyState>
      )}
      {rules.length > 0 && (
        <ul className={styles.list}>
          {rules.map((rule) => (
            <RuleRow key={`${rule.source} ${rule.name}`} rule={rule} />
          ))}
        </ul>
      )}
    </>
  );
}

function RuleRow({ rule }: { rule: ActiveRule }) {
  const styles = useStyles2(getStyles);
  return (
    <li className={styles.row}>
      <Badge
        className={styles.state}
        text={rule.state === 'firing' ? 'Firing' : 'Pending'}
        color={rule.state === 'firing' ? 'red' : 'orange'}
        icon={rule.state === 'firing' ? 'fire' : 'clock-nine'}
      />
      <div className={styles.what}>
        <Text weight="medium">{rule.name}</Text>
        <Text color="secondary" variant="bodySmall">
          {[rule.summary, rule.severity, rule.source, rule.since && `since ${dateTimeFormatTimeAgo(rule.since)}`]
            .filter(Boolean)
            .join(' · ')}
        </Text>
      </div>
      {rule.runbookUrl && (
        <LinkButton {...linkTo(rule.runbookUrl)} size="sm" variant="primary" fill="outline" icon="book-open">
          View runbook
        </LinkButton>
      )}
      {rule.instances.map((instance) => (
        <InstanceActions key={JSON.stringify(instance.labels)} rule={rule} instance={instance} />
      ))}
    </li>
  );
}

/** The plugin's pages open in place, whatever host the address names; any other opens a tab of its own. */
function linkTo(runbookUrl: string): { href: string; target?: string } {
  const base = window.location.origin;
  const url = URL.canParse(runbookUrl, base) ? new URL(runbookUrl, base) : undefined;
  if (url?.pathname.startsWith('/a/')) {
    return { href: `${url.pathname}${url.search}` };
  }
  return { href: textUtil.sanitizeUrl(runbookUrl), target: '_blank' };
}

function useActiveRules(): ActiveRules | undefined {
  const [active, setActive] = useState<ActiveRules>();
  useEffect(() => {
    let stopped = false;
    let timer: ReturnType<typeof setTimeout>;
    const look = async () => {
      const found = await fetchActiveRules();
      if (!stopped) {
        setActive(found);
        timer = setTimeout(look, LOOK_AGAIN_MS);
      }
    };
    look();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, []);
  return active;
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1), listStyle: 'none' }),
  row: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(2),
    padding: theme.spacing(1.5, 2),
    background: theme.colors.background.secondary,
    borderRadius: theme.shape.radius.default,
  }),
  state: css({ width: 90, justifyContent: 'center', flexShrink: 0 }),
  what: css({ display: 'flex', flexDirection: 'column', flex: 1, minWidth: 0 }),
});
