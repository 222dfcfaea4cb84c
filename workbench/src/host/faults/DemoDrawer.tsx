import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Alert, Badge, Button, Drawer, LoadingPlaceholder, Text, useStyles2 } from '@grafana/ui';
import React, { useEffect } from 'react';
import type { Fault } from './faults';
import { useFaults } from './useFaults';

/** Breaks the demo on purpose, and mends it again. */
export function DemoDrawer({ onClose }: { onClose: () => void }) {
  const styles = useStyles2(getStyles);
  const { faults, error, busy, inject, clear } = useFaults();
  useCloseOnEscape(onClose);
  const anyActive = faults?.some((fault) => fault.active) ?? false;
  return (
    <Drawer
      title="Demo"
      subtitle="Inject a real fault into the demo estate, then watch Triage find it."
      size="sm"
      onClose={onClose}
    >
      {error && (
        <Alert severity="error" title="The demo did not answer as expected">
          {error}
        </Alert>
      )}
      {!faults && !error && <LoadingPlaceholder text="Asking the demo for its faults…" />}
      {faults && (
        <>
          <div className={styles.clear}>
            <Text color="secondary" variant="bodySmall">
              {anyActive ? 'A fault is active.' : 'No fault is active: everything should be healthy.'}
            </Text>
            <Button
              size="sm"
              icon="sync"
              variant="secondary"
              disabled={busy !== undefined || !anyActive}
              onClick={clear}
            >
              {busy === '*' ? 'Clearing…' : 'Clear all'}
            </Button>
          </div>
          <ul className={styles.list}>
            {faults.map((fault) => (
              <FaultCard key={fault.name} fault={fault} busy={busy} onInject={inject} />
            ))}
          </ul>
        </>
      )}
    </Drawer>
  );
}

interface FaultCardProps {
  fault: Fault;
  busy?: string;
  onInject: (name: string) => void;
}

function FaultCard({ fault, busy, onInject }: FaultCardProps) {
  const styles = useStyles2(getStyles);
  const { name, title, watch, active, since } = fault;
  return (
    <li className={styles.card} data-testid={`fault ${name}`}>
      <div className={styles.title}>
        <Text weight="medium">{title}</Text>
        {active && (
          <Badge
            className={styles.active}
            text={since ? `Active for ${secondsSince(since)} s` : 'Active'}
            color="red"
            icon="fire"
          />
        )}
      </div>
      <Text color="secondary" variant="bodySmall">
        {watch}
      </Text>
      <div>
        <Button
          size="sm"
          variant="secondary"
          icon={busy === name ? 'spinner' : 'bolt'}
          disabled={active || busy !== undefined}
          onClick={() => onInject(name)}
          aria-label={`Inject ${title}`}
        >
          {busy === name ? 'Injecting…' : 'Inject'}
        </Button>
      </div>
    </li>
  );
}

/** The drawer's own handler hears nothing once the button that had the focus is disabled. */
function useCloseOnEscape(onClose: () => void): void {
  useEffect(() => {
    const close = (event: KeyboardEvent) => event.key === 'Escape' && onClose();
    document.addEventListener('keydown', close);
    return () => document.removeEventListener('keydown', close);
  }, [onClose]);
}

const secondsSince = (at: number) => Math.max(0, Math.round((Date.now() - at) / 1000));

const getStyles = (theme: GrafanaTheme2) => ({
  clear: css({
    display: 'flex',
    justifyContent: 'space-between',
    alignItems: 'center',
    marginBottom: theme.spacing(2),
  }),
  list: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1), listStyle: 'none' }),
  card: css({
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(1),
    padding: theme.spacing(1.5),
    background: theme.colors.background.secondary,
    borderRadius: theme.shape.radius.default,
  }),
  title: css({ display: 'flex', justifyContent: 'space-between', alignItems: 'flex-start', gap: theme.spacing(1) }),
  active: css({ flexShrink: 0, whiteSpace: 'nowrap' }),
});
