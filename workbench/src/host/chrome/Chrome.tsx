import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';
import { Notifications } from './Notifications';
import { SideNav } from './SideNav';
import { TopBar } from './TopBar';

const REMEMBER = 'workbench.navigation';
/** On a narrower screen the menu starts closed. */
const DOCKED_FROM = 900;

/** Grafana's frame: docked navigation at the left, one top bar, the page below it. */
export function Chrome({ children }: { children: React.ReactNode }) {
  const styles = useStyles2(getStyles);
  const [docked, setDocked] = useState(
    () => localStorage.getItem(REMEMBER) !== 'closed' && window.innerWidth >= DOCKED_FROM
  );
  const toggle = () => {
    localStorage.setItem(REMEMBER, docked ? 'closed' : 'docked');
    setDocked(!docked);
  };
  return (
    <div className={styles.frame}>
      {docked && <SideNav onClose={toggle} />}
      <div className={styles.main}>
        <TopBar navigationIsOpen={docked} onOpenNavigation={toggle} />
        <main className={styles.page}>{children}</main>
      </div>
      <Notifications />
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  frame: css({ display: 'flex', height: '100vh', background: theme.colors.background.canvas }),
  main: css({ display: 'flex', flexDirection: 'column', flex: 1, minWidth: 0, minHeight: 0 }),
  page: css({ display: 'flex', flexDirection: 'column', flex: 1, minHeight: 0 }),
});
