import { css } from '@emotion/css';
import type { GrafanaTheme2, NavModelItem } from '@grafana/data';
import type { PluginPageProps } from '@grafana/runtime';
import { useStyles2 } from '@grafana/ui';
import React from 'react';

export interface PageHeaderProps {
  page: NavModelItem;
  subTitle?: React.ReactNode;
  actions?: React.ReactNode;
  info?: PluginPageProps['info'];
  renderTitle?: (title: string) => React.ReactNode;
}

export function PageHeader({ page, subTitle = page.subTitle, actions, info, renderTitle }: PageHeaderProps) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.header}>
      <div className={styles.top}>
        <div className={styles.title}>
          {page.img && <img className={styles.image} src={page.img} alt="" />}
          {renderTitle ? renderTitle(page.text) : <h1 className={styles.heading}>{page.text}</h1>}
        </div>
        <div className={styles.right}>
          {info?.map((item) => (
            <div key={item.label}>
              <div className={styles.label}>{item.label}</div>
              <div>{item.value}</div>
            </div>
          ))}
          {actions && <div className={styles.actions}>{actions}</div>}
        </div>
      </div>
      {subTitle && <div className={styles.subTitle}>{subTitle}</div>}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  header: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1), marginBottom: theme.spacing(2) }),
  top: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'flex-start',
    justifyContent: 'space-between',
    gap: theme.spacing(1, 3),
  }),
  title: css({ display: 'flex', alignItems: 'center', minWidth: 200, flex: 1 }),
  image: css({ width: 32, height: 32, marginRight: theme.spacing(2) }),
  heading: css({ margin: 0, maxWidth: '100%', overflowWrap: 'anywhere' }),
  right: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(1, 3) }),
  actions: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(1) }),
  label: css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
  subTitle: css({ color: theme.colors.text.secondary, position: 'relative' }),
});
