import { css } from '@emotion/css';
import type { GrafanaTheme2, PanelData } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';

interface Props {
  message?: string;
  data: PanelData;
}

/** What a panel says when it has nothing to draw. */
export function NoData({ message, data }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.message}>{message ?? (data.series.length > 0 ? 'Unable to render data' : 'No data')}</div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  message: css({ height: '100%', display: 'grid', placeItems: 'center', color: theme.colors.text.secondary }),
});
