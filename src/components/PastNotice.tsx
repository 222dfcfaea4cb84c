import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Icon, useStyles2 } from '@grafana/ui';
import { clock } from '../words/amounts';

interface Props {
  at: number;
  onNow: () => void;
}

/** Says that the page shows the past, so that nobody acts on it as if it were now. */
export function PastNotice({ at, onNow }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.notice} role="note">
      <Icon name="history" aria-hidden />
      <span>
        This is how it was at <strong>{clock(at, Date.now())}</strong>, as Prometheus and Loki recorded it. Alerts and
        sources are of now; the diagnostics service keeps no past.
      </span>
      <Button size="sm" variant="secondary" fill="text" onClick={onNow}>
        Back to now
      </Button>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  notice: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    padding: theme.spacing(0.5, 1.5),
    border: `1px solid ${theme.colors.info.border}`,
    borderRadius: theme.shape.radius.default,
    color: theme.colors.text.primary,
  }),
});
