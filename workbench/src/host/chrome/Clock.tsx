import { css } from '@emotion/css';
import { dateTimeFormat, type GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { useEffect, useState } from 'react';

const EVERY_MS = 1000;

/** The time of the browser, as panels and tables show it. */
export function Clock() {
  const styles = useStyles2(getStyles);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <time className={styles.time} dateTime={new Date(now).toISOString()} title={dateTimeFormat(now)}>
      {dateTimeFormat(now, { format: 'HH:mm:ss' })}
    </time>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  time: css({
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    fontVariantNumeric: 'tabular-nums',
  }),
});
