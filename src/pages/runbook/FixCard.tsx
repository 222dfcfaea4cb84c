import React, { useMemo, useState } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Icon, useStyles2, useTheme2 } from '@grafana/ui';
import { fillFix, showHidden, type BoundPack, type FilledFix, type Fix, type Runbook } from '@live-runbooks/engine';
import { testIds } from '../../components/testIds';
import { toneText } from '../../components/tone';
import type { Evaluation } from '../../evaluation/evaluation';
import { KINDS, riskWord, successWords } from '../../words/fixes';
import { sentence, unbroken } from '../../words/sentence';
import { CopyCommand } from './CopyCommand';
import { FixInputs } from './FixInputs';
import { LABEL_WIDTH, Preconditions } from './Preconditions';
import { useCommandTime } from './WatchContext';

interface Props {
  fix: Fix;
  bound: BoundPack;
  runbook: Runbook;
  evaluation: Evaluation;
}

/**
 * A fix: its command with live facts filled in and nothing else beside it, where it runs, when it makes sense, whom it
 * hits, and how it shows that it worked. In a view of the past nothing can be copied.
 */
export function FixCard({ fix, bound, runbook, evaluation }: Props) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const { startWatch, backToNow } = useCommandTime();
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const { outcomes } = evaluation;
  const filled = useMemo(
    () => fillFix(bound, runbook.id, fix.id, outcomes, typed),
    [bound, runbook.id, fix.id, outcomes, typed]
  );
  const risk = riskWord(fix);
  return (
    <div className={styles.fix} data-testid={testIds.runbook.fix(fix.id)} data-ready={filled.ready}>
      <div className={styles.head}>
        <span className={styles.kind}>{KINDS[fix.kind]}</span>
        <h4 className={styles.title}>{fix.title}</h4>
        <span className={styles.risk} style={{ color: toneText(theme, risk.tone) }}>
          <Icon name={risk.icon} size="sm" aria-hidden /> {risk.word}
        </span>
      </div>
      {fix.language === 'text' ? (
        <p className={styles.advice}>{showHidden(filled.command.trim())}</p>
      ) : (
        <>
          <FixInputs filled={filled} onType={(name, value) => setTyped((before) => ({ ...before, [name]: value }))} />
          <div className={styles.command}>
            <pre className={styles.code} data-testid={testIds.runbook.command} tabIndex={0}>
              {filled.command.trim()}
            </pre>
            {backToNow ? (
              <Button size="sm" variant="secondary" data-testid={testIds.runbook.backToNow} onClick={backToNow}>
                Back to now for commands
              </Button>
            ) : (
              <CopyCommand filled={filled} onCopied={() => filled.verify && startWatch(fix.id, inputsOf(filled))} />
            )}
          </div>
          {filled.note && <p className={styles.advice}>{unbroken(sentence(filled.note))}</p>}
        </>
      )}
      <Preconditions filled={filled} />
      <dl className={styles.facts}>
        {filled.where && <Fact name="Run on" text={filled.where} plain />}
        {filled.reach && <Fact name="Affects" text={filled.reach} />}
        {filled.rollback && <Fact name="Undo" text={filled.rollback} />}
        {filled.verify && <Fact name="Worked if" text={successWords(filled.verify)} />}
        {fix.unverified && <Fact name="Worked if" text={`not shown by any signal: ${fix.unverified}`} />}
      </dl>
    </div>
  );
}

function inputsOf({ inputs }: FilledFix): Readonly<Record<string, string>> {
  return Object.fromEntries(inputs.map(({ name, value }) => [name, value.trim()]));
}

function Fact({ name, text, plain = false }: { name: string; text: string; plain?: boolean }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{unbroken(plain ? text : sentence(text))}</dd>
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  fix: css({
    display: 'grid',
    gap: theme.spacing(1),
    padding: theme.spacing(1.5),
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    minWidth: 0,
  }),
  head: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0.5, 1.5), alignItems: 'baseline' }),
  kind: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
  title: css({ ...theme.typography.body, fontWeight: theme.typography.fontWeightMedium, margin: 0 }),
  risk: css({ ...theme.typography.bodySmall, marginLeft: 'auto', whiteSpace: 'nowrap' }),
  command: css({ display: 'flex', gap: theme.spacing(1), alignItems: 'flex-start', minWidth: 0 }),
  code: css({
    flex: 1,
    minWidth: 0,
    margin: 0,
    padding: theme.spacing(1, 1.25),
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: theme.typography.bodySmall.fontSize,
    lineHeight: 1.5,
    background: theme.colors.background.canvas,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    color: theme.colors.text.primary,
    maxHeight: 320,
    overflowY: 'auto',
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: 2 },
    whiteSpace: 'pre-wrap',
    wordBreak: 'normal',
    overflowWrap: 'anywhere',
  }),
  advice: css({ margin: 0, overflowWrap: 'anywhere' }),
  facts: css({
    display: 'grid',
    gridTemplateColumns: `${theme.spacing(LABEL_WIDTH)} minmax(0, 1fr)`,
    gap: theme.spacing(0.25, 1.5),
    margin: 0,
    dt: { color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightRegular },
    dd: { margin: 0, overflowWrap: 'anywhere' },
  }),
});
