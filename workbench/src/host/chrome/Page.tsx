import { css } from '@emotion/css';
import { PageLayoutType, type GrafanaTheme2, type NavModelItem } from '@grafana/data';
import { ScrollContainer, Tab, TabsBar, useStyles2 } from '@grafana/ui';
import React from 'react';
import { PageHeader, type PageHeaderProps } from './PageHeader';
import { useShowBreadcrumbs } from './breadcrumbs';

interface Props extends Omit<PageHeaderProps, 'page'> {
  page: NavModelItem;
  crumbs: NavModelItem[];
  /** The parts of the browser tab's title; those of the breadcrumbs when absent. */
  title?: string[];
  layout?: PageLayoutType;
  background?: 'primary' | 'canvas';
  children: React.ReactNode;
}

/** A page as Grafana lays it out: breadcrumbs in the top bar, heading, actions, tabs, content. */
export function Page({ page, crumbs, title, layout, background = 'primary', children, ...header }: Props) {
  const styles = useStyles2(getStyles);
  useShowBreadcrumbs(crumbs, title);
  if (layout === PageLayoutType.Custom) {
    return <div className={styles.custom}>{children}</div>;
  }
  if (layout === PageLayoutType.Canvas) {
    return (
      <ScrollContainer>
        <div className={styles.canvas}>{children}</div>
      </ScrollContainer>
    );
  }
  const tabs = page.children?.filter((tab) => !tab.hideFromTabs) ?? [];
  return (
    <div className={background === 'primary' ? styles.primary : styles.plain}>
      <ScrollContainer>
        <div className={styles.page}>
          <PageHeader page={page} {...header} />
          {tabs.length > 0 && (
            <TabsBar className={styles.tabs}>
              {tabs.map((tab) => (
                <Tab
                  key={tab.url ?? tab.text}
                  label={tab.text}
                  href={tab.url}
                  active={tab.active}
                  icon={tab.icon as never}
                  counter={tab.tabCounter}
                  suffix={tab.tabSuffix as never}
                />
              ))}
            </TabsBar>
          )}
          <div className={styles.content}>{children}</div>
        </div>
      </ScrollContainer>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  primary: css({ flex: 1, minHeight: 0, background: theme.colors.background.primary }),
  plain: css({ flex: 1, minHeight: 0, background: theme.colors.background.canvas }),
  page: css({
    display: 'flex',
    flexDirection: 'column',
    minHeight: '100%',
    padding: theme.spacing(2),
    [theme.breakpoints.up('md')]: { padding: theme.spacing(4) },
  }),
  canvas: css({ display: 'flex', flexDirection: 'column', minHeight: '100%', padding: theme.spacing(2) }),
  custom: css({ display: 'flex', flexDirection: 'column', flex: 1, minHeight: 0 }),
  tabs: css({ flexShrink: 0, marginBottom: theme.spacing(2) }),
  content: css({ flexGrow: 1 }),
});
