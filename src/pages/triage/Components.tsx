import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { listed, type Kinds, type RunbookDiagnosis } from '@live-runbooks/engine';
import { plainList } from '../../components/lists';
import { PageLink } from '../../components/PageLink';
import { Section } from '../../components/Section';
import { testIds } from '../../components/testIds';
import { VerdictBadge } from '../../components/VerdictBadge';
import type { EstateState } from '../../estate/Discovery';
import type { Evaluation } from '../../evaluation/evaluation';
import { adoptionWords, componentStates, declaredWords, NOT_ADOPTED, type ComponentState } from '../../view/components';
import { runbookWording } from '../../view/headline';
import { count } from '../../words/amounts';
import { CHECKING } from '../../words/verdict';

interface Props {
  /** Undefined while the first one is awaited. */
  found: EstateState | undefined;
  kinds: Kinds;
  evaluation: Evaluation | undefined;
  linkTo: (component: string, runbook: string) => string;
}

/** What packs declare, and what was found beside them: in trouble one by one, the rest as a count that opens. Never empty without a word. */
export function Components({ found, kinds, evaluation, linkTo }: Props) {
  const styles = useStyles2(getStyles);
  const states = found === undefined ? [] : componentStates(found.estate, kinds, evaluation);
  const troubled = states.filter(({ state }) => state === 'problem');
  const others = states.filter(({ state }) => state !== 'problem');
  const unseen = states.filter((one) => one.unseen.length > 0);
  const line = (one: ComponentState) => (
    <Line key={one.id} one={one} whole={evaluation?.progress.whole ?? false} linkTo={linkTo} />
  );
  return (
    <Section title="Components" note={note(states)} data-testid={testIds.triage.components}>
      {found?.unread.map(({ what, detail, mend }) => (
        <p key={what} className={styles.weak}>
          Not known: {what}. {detail}. {mend}
        </p>
      ))}
      {unseen.length > 0 && (
        <p className={styles.weak} data-testid={testIds.triage.unseen}>
          Declared and not found: {listed(unseen.map(({ title, unseen: kinds }) => `${title} (${listed(kinds)})`))}. See
          whether it runs, and compare the labels under <code>is</code> in its pack with those of its series.
        </p>
      )}
      {troubled.length > 0 && <ul className={styles.list}>{troubled.map(line)}</ul>}
      {others.length > 0 && (
        <details>
          <summary className={styles.weak}>{summary(others)}</summary>
          <ul className={styles.list}>{others.map(line)}</ul>
        </details>
      )}
      {states.length === 0 && found?.unread.length !== 1 && (
        <p className={styles.weak}>
          {found?.known ? 'Beside the packs no component was found.' : 'Asking Prometheus what there is…'}
        </p>
      )}
    </Section>
  );
}

function Line({ one, whole, linkTo }: { one: ComponentState; whole: boolean; linkTo: Props['linkTo'] }) {
  const styles = useStyles2(getStyles);
  const { id, title, kinds, adopted, dependsOn, worst } = one;
  const facts = [
    ...kinds,
    ...adoptionWords(adopted, whole && worst ? one.state : undefined),
    ...declaredWords(one),
    ...(dependsOn.length > 0 ? [`depends on ${dependsOn.join(', ')}`] : []),
    ...(worst ? [] : [kinds.length === 0 ? 'nothing of it is asked' : 'no runbook fits']),
  ].join(' · ');
  return (
    <li className={styles.row} data-component={id} data-state={one.state} data-adopted={adopted ?? 'unknown'}>
      {worst && <VerdictBadge wording={wordingOf(worst, whole)} />}
      {worst ? <PageLink to={linkTo(id, worst.runbook)}>{title}</PageLink> : <span>{title}</span>}
      <span className={styles.weak}>{facts}</span>
    </li>
  );
}

function wordingOf(worst: RunbookDiagnosis, whole: boolean) {
  return worst.state === 'unknown' && !whole ? CHECKING : runbookWording(worst);
}

function note(states: readonly ComponentState[]): string {
  const strange = states.filter(({ adopted }) => adopted === false).length;
  const isKnown = states.every(({ adopted }) => adopted !== undefined);
  return states.length === 0
    ? ''
    : [count(states.length, 'component'), ...(isKnown ? [`${strange} ${NOT_ADOPTED}`] : [])].join(' · ');
}

/** Only what was looked at whole is without a symptom. */
function summary(others: readonly ComponentState[]): string {
  const healthy = others.filter(({ state }) => state === 'healthy').length;
  return [
    healthy > 0 && `${count(healthy, 'component')} without a symptom`,
    others.length > healthy && `${others.length - healthy} not assessed`,
  ]
    .filter(Boolean)
    .join(' · ');
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css(plainList(theme, 0.5)),
  row: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0, 1), alignItems: 'baseline' }),
  weak: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
});
