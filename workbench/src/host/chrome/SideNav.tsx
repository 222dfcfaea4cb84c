import { css, cx } from '@emotion/css';
import type { GrafanaTheme2, NavModelItem } from '@grafana/data';
import { config } from '@grafana/runtime';
import { Icon, IconButton, Link, ScrollContainer, useStyles2 } from '@grafana/ui';
import React from 'react';
import { useLocation } from 'react-router-dom-v5-compat';
import { usePluginMeta } from './PluginContext';
import { ALERTS, HOME, appEntry, nodeAt } from './navigation';

/** The docked menu: Home, Alerting, and the plugin with those of its pages that the role may open. */
export function SideNav({ onClose }: { onClose: () => void }) {
  const styles = useStyles2(getStyles);
  const meta = usePluginMeta();
  const { pathname, search } = useLocation();
  const entry = appEntry(meta, config.bootData.user);
  const here = nodeAt(entry, pathname + search).url;
  return (
    <nav className={styles.menu} aria-label="Navigation">
      <div className={styles.brand}>
        <Icon name="wrench" size="lg" />
        <span>Workbench</span>
        <IconButton className={styles.close} name="web-section-alt" size="lg" tooltip="Undock menu" onClick={onClose} />
      </div>
      <ScrollContainer>
        <ul className={styles.list}>
          <Entry node={HOME} icon="home-alt" active={false} />
          <Entry node={ALERTS} icon="bell" active={pathname.startsWith('/alerting')} />
          {entry && (
            <li>
              <Link
                href={entry.url}
                className={cx(styles.item, styles.section, here === entry.url && styles.active)}
                aria-current={here === entry.url ? 'page' : undefined}
              >
                <img
                  className={styles.logo}
                  src={`/public/plugins/${meta.id}/${meta.info?.logos?.small ?? ''}`}
                  alt=""
                />
                <span>{entry.text}</span>
              </Link>
              <ul className={styles.children}>
                {entry.children?.map((page) => (
                  <Entry key={page.url} node={page} active={here === page.url} />
                ))}
              </ul>
            </li>
          )}
        </ul>
      </ScrollContainer>
    </nav>
  );
}

function Entry({ node, icon, active }: { node: NavModelItem; icon?: 'home-alt' | 'bell'; active: boolean }) {
  const styles = useStyles2(getStyles);
  return (
    <li>
      <Link
        href={node.url}
        className={cx(styles.item, active && styles.active)}
        aria-current={active ? 'page' : undefined}
      >
        {icon && <Icon name={icon} size="lg" />}
        <span>{node.text}</span>
      </Link>
    </li>
  );
}

const MENU_WIDTH = 240;
const BAR_HEIGHT = 40;

const getStyles = (theme: GrafanaTheme2) => ({
  menu: css({
    display: 'flex',
    flexDirection: 'column',
    width: MENU_WIDTH,
    flexShrink: 0,
    background: theme.colors.background.primary,
    borderRight: `1px solid ${theme.colors.border.weak}`,
  }),
  brand: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    height: BAR_HEIGHT,
    flexShrink: 0,
    padding: theme.spacing(0, 1, 0, 2),
    fontWeight: theme.typography.fontWeightMedium,
    borderBottom: `1px solid ${theme.colors.border.weak}`,
  }),
  close: css({ marginLeft: 'auto' }),
  list: css({ listStyle: 'none', padding: theme.spacing(1, 1, 2) }),
  children: css({
    listStyle: 'none',
    marginLeft: theme.spacing(2.25),
    paddingLeft: theme.spacing(1),
    borderLeft: `1px solid ${theme.colors.border.weak}`,
  }),
  item: css({
    position: 'relative',
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1.5),
    height: theme.spacing(4),
    padding: theme.spacing(0, 1),
    borderRadius: theme.shape.radius.default,
    color: theme.colors.text.secondary,
    overflow: 'hidden',
    whiteSpace: 'nowrap',
    '&:hover': { color: theme.colors.text.primary, background: theme.colors.action.hover },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: -2 },
  }),
  section: css({ color: theme.colors.text.primary, fontWeight: theme.typography.fontWeightMedium }),
  active: css({
    color: theme.colors.text.primary,
    background: theme.colors.action.selected,
    '&::before': {
      content: '""',
      position: 'absolute',
      left: 0,
      width: 4,
      height: '100%',
      borderRadius: theme.shape.radius.default,
      background: theme.colors.gradients.brandVertical,
    },
  }),
  logo: css({ width: 18, height: 18 }),
});
