import React, { type ReactNode } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { PageUrl } from '../../url/pageUrl';
import { RefreshControl } from './RefreshControl';
import { TimeControl } from './TimeControl';
import { UnreadableTime } from './UnreadableTime';

interface Props {
  url: PageUrl;
  onChange: (change: Partial<PageUrl>) => void;
  clock: () => number;
  refreshSeconds: number;
  loading: boolean;
  onRefresh: () => void;
  children?: ReactNode;
}

/** What to look at and when. Every choice goes into the URL. */
export function Toolbar({ url, onChange, clock, refreshSeconds, loading, onRefresh, children }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <>
      <div className={styles.bar} role="toolbar" aria-label="What to judge, and when">
        <div className={styles.left}>{children}</div>
        <div className={styles.right}>
          <TimeControl at={url.at} clock={clock} onChange={(at) => onChange({ at })} />
          <RefreshControl
            every={url.at === undefined ? refreshSeconds : 0}
            loading={loading}
            onChange={(refresh) => onChange({ refresh })}
            onRefresh={onRefresh}
          />
        </div>
      </div>
      {url.unreadableTime !== undefined && (
        <UnreadableTime text={url.unreadableTime} onDismiss={() => onChange({ at: undefined })} />
      )}
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'flex-start',
    gap: theme.spacing(1, 2),
    minHeight: theme.spacing(4),
  }),
  // What is long wraps beside the controls; only where there is no room for both do they go below.
  left: css({ flex: '1 1 260px', minWidth: 0, minHeight: theme.spacing(4), display: 'flex', alignItems: 'center' }),
  right: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1), marginLeft: 'auto' }),
});
