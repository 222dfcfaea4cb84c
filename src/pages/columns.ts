import type { GrafanaTheme2 } from '@grafana/data';

/** The layout of a page with a narrow column at its side, which goes below where there is little room; each for `css`. */
export const columnsOf = (theme: GrafanaTheme2) =>
  ({
    page: {
      display: 'grid',
      gridTemplateColumns: 'minmax(0, 1fr)',
      gap: theme.spacing(2),
      maxWidth: 1440,
      containerType: 'inline-size',
    },
    columns: {
      display: 'grid',
      gridTemplateColumns: 'minmax(0, 1fr) minmax(260px, 340px)',
      gap: theme.spacing(3),
      // The page is as wide as Grafana's menu leaves it, whatever the window is.
      '@container (max-width: 900px)': { gridTemplateColumns: 'minmax(0, 1fr)' },
    },
    column: { display: 'grid', gap: theme.spacing(2.5), alignContent: 'start', minWidth: 0 },
  }) as const;
