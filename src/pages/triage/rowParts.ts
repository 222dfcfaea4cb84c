import type { GrafanaTheme2 } from '@grafana/data';

/** The parts that the rows of suspects and of findings share; each for `css`. */
export const rowParts = (theme: GrafanaTheme2) =>
  ({
    row: {
      display: 'grid',
      gap: theme.spacing(1.5),
      alignItems: 'baseline',
      padding: theme.spacing(1.25, 2),
    },
    text: { display: 'grid', gap: theme.spacing(0.25), overflowWrap: 'anywhere' },
    weak: { ...theme.typography.bodySmall, color: theme.colors.text.secondary },
    since: {
      ...theme.typography.bodySmall,
      color: theme.colors.text.secondary,
      fontVariantNumeric: 'tabular-nums',
      whiteSpace: 'nowrap',
    },
  }) as const;
