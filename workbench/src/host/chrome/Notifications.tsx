import { css } from '@emotion/css';
import { AppEvents, type GrafanaTheme2 } from '@grafana/data';
import { getAppEvents } from '@grafana/runtime';
import { Alert, useStyles2 } from '@grafana/ui';
import React, { useEffect, useState } from 'react';

interface Notification {
  id: number;
  severity: 'error' | 'warning' | 'success' | 'info';
  title: string;
  text: string;
}

const KINDS = [
  ['error', AppEvents.alertError, 7000],
  ['warning', AppEvents.alertWarning, 5000],
  ['success', AppEvents.alertSuccess, 3000],
  ['info', AppEvents.alertInfo, 3000],
] as const;

/** What the plugin publishes as `AppEvents.alert…`, in the upper right corner, for as long as Grafana shows it. */
export function Notifications() {
  const styles = useStyles2(getStyles);
  const [shown, setShown] = useState<Notification[]>([]);
  const dismiss = (id: number) => setShown((all) => all.filter((each) => each.id !== id));

  useEffect(() => {
    let nextId = 0;
    const timers = new Set<ReturnType<typeof setTimeout>>();
    const subscriptions = KINDS.map(([severity, event, shownForMs]) =>
      getAppEvents().subscribe({ type: event.name } as never, (published: { payload?: unknown[] }) => {
        const [title = '', ...details] = (published.payload ?? []).filter(Boolean).map(String);
        const id = nextId++;
        setShown((all) => [...all, { id, severity, title, text: details.join(' ') }]);
        timers.add(setTimeout(() => dismiss(id), shownForMs));
      })
    );
    return () => {
      subscriptions.forEach((subscription) => subscription.unsubscribe());
      timers.forEach(clearTimeout);
    };
  }, []);

  return (
    <div className={styles.corner}>
      {shown.map(({ id, severity, title, text }) => (
        <Alert key={id} severity={severity} title={title} elevated onRemove={() => dismiss(id)}>
          {text}
        </Alert>
      ))}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  corner: css({ position: 'fixed', top: 56, right: 16, width: 400, maxWidth: '90vw', zIndex: theme.zIndex.portal }),
});
