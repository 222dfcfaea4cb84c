import React, { type ReactNode } from 'react';
import { css, cx } from '@emotion/css';
import { Link } from 'react-router-dom';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

interface Props {
  to: string;
  children: ReactNode;
  className?: string;
  'aria-label'?: string;
  'data-testid'?: string;
}

/** A link inside Grafana. The router adds the sub path that Grafana may be served under; a bare `href` would lose it. */
export function PageLink({ className, ...props }: Props) {
  const styles = useStyles2(getStyles);
  return <Link className={cx(styles.link, className)} {...props} />;
}

const getStyles = (theme: GrafanaTheme2) => ({
  link: css({
    color: theme.colors.text.link,
    '&:hover': { textDecoration: 'underline' },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: 2, borderRadius: 2 },
  }),
});
