import type { GrafanaTheme2 } from '@grafana/data';

/** The styles that lists of a page share; for `css`. A list that stands free, its entries `gap` apart. */
export const plainList = (theme: GrafanaTheme2, gap: number) =>
  ({
    listStyle: 'none',
    margin: 0,
    padding: 0,
    display: 'grid',
    gap: theme.spacing(gap),
    overflowWrap: 'anywhere',
  }) as const;

/** A list in a frame, with a line between its entries. */
export const framedList = (theme: GrafanaTheme2) =>
  ({
    listStyle: 'none',
    margin: 0,
    padding: 0,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    background: theme.colors.background.primary,
    '> li + li': { borderTop: `1px solid ${theme.colors.border.weak}` },
  }) as const;
