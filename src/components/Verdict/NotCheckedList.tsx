import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import type { NotChecked, NotCheckedGroup } from '../../view/notChecked';
import { count } from '../../words/amounts';
import { REASONS } from '../../words/reasons';
import { MendText } from '../MendText';

/** What was not checked, grouped by why, each with how to mend it. */
export function NotCheckedList({ notChecked }: { notChecked: NotChecked }) {
  const styles = useStyles2(getStyles);
  return (
    <ul className={styles.groups}>
      {[...notChecked.blind, ...notChecked.notApplicable].map((group) => (
        <Group key={group.reason + group.mend} group={group} />
      ))}
    </ul>
  );
}

function Group({ group }: { group: NotCheckedGroup }) {
  const styles = useStyles2(getStyles);
  const { title, icon } = REASONS[group.reason];
  return (
    <li className={styles.group}>
      <div className={styles.title}>
        <Icon name={icon} size="sm" aria-hidden /> {title}
        {group.signals.length > 0 && <span className={styles.weak}>{count(group.signals.length, 'signal')}</span>}
      </div>
      {group.mend && (
        <div>
          <MendText text={group.mend} />
        </div>
      )}
      {group.details.slice(0, 3).map((detail) => (
        <div key={detail} className={styles.detail}>
          {detail}
        </div>
      ))}
      <div className={styles.weak}>{[...group.beside, ...titles(group)].join(' · ')}</div>
    </li>
  );
}

/** Each title once; packs that share a signal ask it of a target each. */
function titles({ signals }: NotCheckedGroup): string[] {
  const times = new Map<string, number>();
  for (const { title } of signals) {
    times.set(title, (times.get(title) ?? 0) + 1);
  }
  return [...times].map(([title, n]) => (n > 1 ? `${title} (${n}×)` : title));
}

const getStyles = (theme: GrafanaTheme2) => ({
  groups: css({
    listStyle: 'none',
    margin: theme.spacing(1.5, 0, 0),
    padding: theme.spacing(1.5, 0, 0),
    borderTop: `1px solid ${theme.colors.border.weak}`,
    display: 'grid',
    gap: theme.spacing(1.5),
  }),
  group: css({ display: 'grid', gap: theme.spacing(0.25), overflowWrap: 'anywhere' }),
  title: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(0.75),
    fontWeight: theme.typography.fontWeightMedium,
  }),
  weak: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
  detail: css({
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: theme.typography.bodySmall.fontSize,
    color: theme.colors.text.secondary,
  }),
});
