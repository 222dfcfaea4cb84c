import React, { useState, type ReactNode } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { clock, duration } from '../../words/amounts';
import { aboutComponent, type ComponentWords } from '../../view/components';
import type { Headline } from '../../view/headline';
import type { NotChecked } from '../../view/notChecked';
import { unbroken } from '../../words/sentence';
import { CHECKING } from '../../words/verdict';
import { toneBorder } from '../tone';
import { testIds } from '../testIds';
import { VerdictBadge } from '../VerdictBadge';
import { NotCheckedList } from './NotCheckedList';
import { NotCheckedToggle } from './NotCheckedToggle';

interface Props {
  /** Undefined while the first answers are awaited; the card keeps its size. */
  headline: Headline | undefined;
  notChecked: NotChecked | undefined;
  signals: { readonly known: number; readonly total: number } | undefined;
  whole: boolean;
  judgedAt: number;
  /** The component that it is about, when it is no pack's. */
  component?: ComponentWords | undefined;
  action?: ReactNode;
}

/** The answer first: the verdict and its sentence, what speaks against it, what was not checked, what to check next. */
export function VerdictCard({ headline, notChecked, signals, whole, judgedAt, component, action }: Props) {
  const wording = headline?.wording ?? CHECKING;
  const styles = useStyles2(getStyles, wording.tone, !whole);
  const [open, setOpen] = useState(false);
  const blind = notChecked !== undefined && notChecked.blindCount + notChecked.besideCount > 0;
  const next = whole && headline ? nextStep(headline, blind) : headline?.next?.says;
  return (
    <article className={styles.card} data-testid={testIds.verdict.card} aria-busy={!whole}>
      <div className={styles.head}>
        {/* The word is announced, the sentence is not: its durations change with every refresh. */}
        <div aria-live="polite">
          <VerdictBadge wording={wording} large data-testid={testIds.verdict.word} />
        </div>
        <div className={styles.since} data-testid={testIds.verdict.since}>
          {headline?.since !== undefined && (
            <>
              since <strong>{clock(headline.since, judgedAt)}</strong> ({duration(judgedAt - headline.since)})
            </>
          )}
        </div>
        <div className={styles.action}>{action}</div>
      </div>
      <p className={styles.sentence} data-testid={testIds.verdict.sentence}>
        {headline ? unbroken(headline.sentence) : 'Asking Prometheus, Loki and the diagnostics service…'}
      </p>
      <dl className={styles.facts}>
        {component && (
          <>
            <dt>Component</dt>
            <dd data-testid={testIds.verdict.component}>{aboutComponent(component)}</dd>
          </>
        )}
        {headline?.against !== undefined && (
          <>
            <dt>Against</dt>
            <dd data-testid={testIds.verdict.against}>{unbroken(headline.against)}</dd>
          </>
        )}
        {headline?.heard !== undefined && (
          <>
            <dt>Dependencies</dt>
            <dd data-testid={testIds.verdict.heard}>{unbroken(headline.heard)}</dd>
          </>
        )}
        {(blind || !whole) && (
          <>
            <dt>Not checked</dt>
            <dd data-testid={testIds.verdict.notChecked}>
              <NotCheckedToggle
                notChecked={notChecked}
                signals={signals}
                whole={whole}
                open={open}
                onToggle={() => setOpen((was) => !was)}
              />
            </dd>
          </>
        )}
        {next !== undefined && (
          <>
            <dt>Next</dt>
            <dd data-testid={testIds.verdict.next}>{next}</dd>
          </>
        )}
      </dl>
      {open && notChecked && <NotCheckedList notChecked={notChecked} />}
    </article>
  );
}

/** What to do: the check that decides, or what is left when none would. Undefined when there is nothing to do. */
function nextStep({ next, verdict }: Headline, blind: boolean): string | undefined {
  if (next !== undefined) {
    return next.says;
  }
  switch (verdict) {
    case 'recovering':
      return 'Wait until it has faded from the window.';
    case 'problem':
      return blind
        ? 'Fix the missing sources, or escalate: no cause in the runbooks is likely.'
        : 'Escalate: no cause in the runbooks is likely.';
    case 'nothing-found':
    case 'cannot-assess':
      return blind ? 'Fix the missing sources.' : undefined;
    default:
      return undefined;
  }
}

const getStyles = (theme: GrafanaTheme2, tone: Parameters<typeof toneBorder>[1], awaited: boolean) => ({
  card: css({
    background: theme.colors.background.secondary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderLeft: `4px solid ${toneBorder(theme, tone)}`,
    borderRadius: theme.shape.radius.default,
    padding: theme.spacing(2, 2.5),
  }),
  head: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(2),
    minHeight: theme.spacing(4),
  }),
  since: css({
    color: theme.colors.text.secondary,
    fontVariantNumeric: 'tabular-nums',
    strong: { color: theme.colors.text.primary, fontWeight: theme.typography.fontWeightMedium },
  }),
  action: css({ marginLeft: 'auto' }),
  // Two lines of room while answers arrive: most sentences fit, and the lines below do not move.
  sentence: css({
    fontSize: theme.typography.h3.fontSize,
    lineHeight: 1.4,
    fontWeight: theme.typography.fontWeightRegular,
    letterSpacing: 0,
    color: theme.colors.text.maxContrast,
    margin: theme.spacing(1, 0, 1.5),
    minHeight: awaited ? '2.8em' : undefined,
    maxWidth: '92ch',
    overflowWrap: 'anywhere',
  }),
  facts: css({
    display: 'grid',
    gridTemplateColumns: 'max-content minmax(0, 1fr)',
    gap: theme.spacing(0.5, 1.5),
    margin: 0,
    dt: { color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightRegular },
    dd: { margin: 0, minHeight: '1.5em', overflowWrap: 'anywhere' },
  }),
});
