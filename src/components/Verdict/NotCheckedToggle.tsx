import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import type { NotChecked } from '../../view/notChecked';
import { count } from '../../words/amounts';
import { REASONS } from '../../words/reasons';
import { testIds } from '../testIds';

interface Props {
  notChecked: NotChecked | undefined;
  signals: { readonly known: number; readonly total: number } | undefined;
  whole: boolean;
  open: boolean;
  onToggle: () => void;
}

/** How much was not seen, and why, in one line; opens the list of it. */
export function NotCheckedToggle({ notChecked, signals, whole, open, onToggle }: Props) {
  const styles = useStyles2(getStyles);
  if (!notChecked || !signals) {
    return <>–</>;
  }
  const { blindCount, besideCount, blind } = notChecked;
  if (blindCount + besideCount === 0) {
    return <>{whole ? 'Nothing' : 'Answers are still arriving.'}</>;
  }
  const reasons = [...new Set(blind.map((g) => REASONS[g.reason].title.toLowerCase()))].join(', ');
  return (
    <button
      type="button"
      className={styles.toggle}
      aria-expanded={open}
      onClick={onToggle}
      data-testid={testIds.verdict.notCheckedToggle}
    >
      <Icon key={String(open)} name={open ? 'angle-down' : 'angle-right'} aria-hidden />
      {[
        blindCount > 0 && `${blindCount} of ${signals.total} signals`,
        besideCount > 0 && count(besideCount, blindCount > 0 ? 'other source' : 'source'),
      ]
        .filter(Boolean)
        .join(' and ')}{' '}
      <span className={styles.reasons}>({reasons})</span>
    </button>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  toggle: css({
    all: 'unset',
    cursor: 'pointer',
    display: 'inline-flex',
    verticalAlign: 'top',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    marginLeft: theme.spacing(-0.5),
    '&:hover': { textDecoration: 'underline' },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: 2, borderRadius: 2 },
  }),
  reasons: css({ color: theme.colors.text.secondary }),
});
