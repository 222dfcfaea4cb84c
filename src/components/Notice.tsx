import React, { type ReactNode } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2, IconName } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import type { Tone } from '../words/verdict';
import { toneBorder, toneText } from './tone';

interface Props {
  icon: IconName;
  tone: Tone;
  children: ReactNode;
  action?: ReactNode;
  'data-testid'?: string;
}

/** One line that qualifies what the page shows, with what to do about it. */
export function Notice({ icon, tone, children, action, 'data-testid': testId }: Props) {
  const styles = useStyles2(getStyles, tone);
  return (
    <div className={styles.notice} role="status" data-testid={testId}>
      <span className={styles.icon}>
        <Icon name={icon} aria-hidden />
      </span>
      <div className={styles.text}>{children}</div>
      {action}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2, tone: Tone) => ({
  notice: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1.25),
    padding: theme.spacing(0.75, 1, 0.75, 1.5),
    border: `1px solid ${toneBorder(theme, tone)}`,
    borderRadius: theme.shape.radius.default,
  }),
  icon: css({ color: toneText(theme, tone), display: 'inline-flex' }),
  text: css({ flex: 1, minWidth: 0, overflowWrap: 'anywhere' }),
});
