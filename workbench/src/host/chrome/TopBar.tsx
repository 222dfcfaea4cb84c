import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { config } from '@grafana/runtime';
import { Button, Icon, IconButton, Link, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';
import { CommandPalette } from '../extensions/CommandPalette';
import { DemoDrawer } from '../faults/DemoDrawer';
import { workbenchPage } from '../workbenchPage';
import { Clock } from './Clock';
import { RoleSwitch } from './RoleSwitch';
import { reloadWith } from './reloadWith';
import { useBreadcrumbs } from './breadcrumbs';

interface Props {
  navigationIsOpen: boolean;
  onOpenNavigation: () => void;
}

export function TopBar({ navigationIsOpen, onOpenNavigation }: Props) {
  const styles = useStyles2(getStyles);
  const [demoIsOpen, setDemoIsOpen] = useState(false);
  const { isLight } = config.theme2;
  return (
    <header className={styles.bar}>
      {!navigationIsOpen && <IconButton name="bars" size="lg" tooltip="Open menu" onClick={onOpenNavigation} />}
      <Breadcrumbs />
      <div className={styles.right}>
        <CommandPalette />
        <Clock />
        {workbenchPage.demo && (
          <Button size="sm" variant="secondary" icon="rocket" onClick={() => setDemoIsOpen(true)}>
            Demo
          </Button>
        )}
        <IconButton
          name="adjust-circle"
          size="lg"
          tooltip={isLight ? 'Use the dark theme' : 'Use the light theme'}
          onClick={() => reloadWith('theme', isLight ? 'dark' : 'light')}
        />
        <RoleSwitch />
      </div>
      {demoIsOpen && <DemoDrawer onClose={() => setDemoIsOpen(false)} />}
    </header>
  );
}

function Breadcrumbs() {
  const styles = useStyles2(getStyles);
  const crumbs = useBreadcrumbs();
  return (
    <nav aria-label="Breadcrumbs" className={styles.crumbs}>
      <ol className={styles.list}>
        {crumbs.map((crumb, i) => (
          <li key={`${crumb.url ?? ''}${crumb.text}`} className={styles.crumb}>
            {i < crumbs.length - 1 ? (
              <>
                <Link href={crumb.url} className={styles.link}>
                  {crumb.text}
                </Link>
                <Icon name="angle-right" className={styles.separator} />
              </>
            ) : (
              <span className={styles.here} aria-current="page">
                {crumb.text}
              </span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}

const BAR_HEIGHT = 40;

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    height: BAR_HEIGHT,
    flexShrink: 0,
    padding: theme.spacing(0, 1.5, 0, 2),
    background: theme.colors.background.primary,
    borderBottom: `1px solid ${theme.colors.border.weak}`,
  }),
  right: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1.5), marginLeft: 'auto', flexShrink: 0 }),
  crumbs: css({ minWidth: 0, overflow: 'hidden' }),
  list: css({ display: 'flex', alignItems: 'center', listStyle: 'none', whiteSpace: 'nowrap' }),
  crumb: css({ display: 'flex', alignItems: 'center', minWidth: 0 }),
  link: css({
    padding: theme.spacing(0, 0.5),
    color: theme.colors.text.primary,
    '&:hover': { textDecoration: 'underline' },
  }),
  separator: css({ color: theme.colors.text.secondary }),
  here: css({
    padding: theme.spacing(0, 0.5),
    color: theme.colors.text.secondary,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
  }),
});
