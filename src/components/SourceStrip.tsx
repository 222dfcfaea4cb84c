import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, Tooltip, useStyles2, useTheme2 } from '@grafana/ui';
import type { SourceState } from '../view/sourceStates';
import { sentence } from '../words/sentence';
import { Section } from './Section';
import { testIds } from './testIds';
import { toneText } from './tone';

/** What can be seen at all: an icon and a word for each database, cache and data source. */
export function SourceStrip({ states }: { states: readonly SourceState[] | undefined }) {
  const styles = useStyles2(getStyles, states === undefined);
  return (
    <Section title="Sources" data-testid={testIds.triage.sources}>
      <ul className={styles.list}>
        {states ? states.map((s) => <Source key={s.id} state={s} />) : <li className={styles.asking}>Asking…</li>}
      </ul>
    </Section>
  );
}

function Source({ state }: { state: SourceState }) {
  const styles = useStyles2(getStyles, false);
  const theme = useTheme2();
  const words = [state.detail, state.mend]
    .map((text) => sentence(text ?? ''))
    .join(' ')
    .trim();
  return (
    <li className={styles.source} data-testid={testIds.triage.source(state.id)} data-word={state.word}>
      <Tooltip content={words || state.word} placement="left">
        <span className={styles.line} tabIndex={0}>
          <span style={{ color: toneText(theme, state.tone) }}>
            <Icon key={state.icon} name={state.icon} size="sm" aria-hidden />
          </span>
          <span className={styles.title} title={state.title}>
            {state.title}
          </span>
          <span className={styles.weak}>{state.word}</span>
        </span>
      </Tooltip>
    </li>
  );
}

const getStyles = (theme: GrafanaTheme2, awaited: boolean) => ({
  list: css({
    listStyle: 'none',
    margin: 0,
    padding: 0,
    display: 'grid',
    gap: theme.spacing(0.75),
    alignContent: 'start',
    minHeight: theme.spacing(awaited ? 14 : 0),
  }),
  source: css({ minWidth: 0 }),
  line: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    minWidth: 0,
    borderRadius: theme.shape.radius.default,
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: 2 },
  }),
  title: css({ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }),
  asking: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
  weak: css({
    ...theme.typography.bodySmall,
    color: theme.colors.text.secondary,
    marginLeft: 'auto',
    whiteSpace: 'nowrap',
  }),
});
