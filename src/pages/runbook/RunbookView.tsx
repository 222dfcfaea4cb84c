import React, { useMemo } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { Pack, Runbook } from '@live-runbooks/engine';
import { EvaluationFooter } from '../../components/EvaluationFooter';
import { PastNotice } from '../../components/PastNotice';
import { NotRecorded } from '../../components/RecoveredNotice';
import { SourceStrip } from '../../components/SourceStrip';
import { SourceTrouble } from '../../components/SourceTrouble';
import { testIds } from '../../components/testIds';
import { Toolbar } from '../../components/Toolbar/Toolbar';
import { VerdictCard } from '../../components/Verdict/VerdictCard';
import { useLiveRunbooks } from '../../context/LiveRunbooks';
import { bindPacks, runbookQuestion } from '../../evaluation/question';
import { usePage } from '../../evaluation/usePage';
import { useRecovered } from '../../evaluation/useRecovered';
import { usePageUrl } from '../../url/usePageUrl';
import { runbookHeadline } from '../../view/headline';
import { notChecked } from '../../view/notChecked';
import { pastKnown } from '../../view/pastKnown';
import { sourceStates } from '../../view/sourceStates';
import { Causes } from './Causes';
import { Corrections } from './Corrections';
import { Parameters } from './Parameters';
import { Prevention } from './Prevention';
import { RunbookFacts } from './RunbookFacts';
import { CommandTimeProvider } from './WatchContext';
import { useFixWatch } from './useFixWatch';
import { WatchLine } from './WatchLine';

/** While a fix is watched, the signals are asked this often. Seconds. */
const WATCH_SECONDS = 3;

/** One runbook: its verdict, its causes with their evidence and fixes, and what the source guide has to say. */
export function RunbookView({ pack, runbook }: { pack: Pack; runbook: Runbook }) {
  const styles = useStyles2(getStyles);
  const { sources, settings, clock, mayConfigure } = useLiveRunbooks();
  const [url, change] = usePageUrl();
  const { bound, question } = useMemo(() => {
    const [only] = bindPacks([pack], settings, url.params);
    if (!only) {
      throw new Error(`The pack ${pack.id} could not be bound to its parameters`);
    }
    return { bound: only, question: runbookQuestion(only, runbook.id, url.at) };
  }, [pack, runbook, settings, url.params, url.at]);
  const watching = url.watch !== undefined && url.at === undefined;
  const { evaluation, health, refreshSeconds, refresh } = usePage(question, url, watching ? WATCH_SECONDS : undefined);
  const watch = useFixWatch(bound, runbook, url.watch, evaluation, clock);
  const recovered = useRecovered(sources, question, evaluation, clock);
  const past = url.at !== undefined;
  const blind = useMemo(() => evaluation && notChecked(evaluation, question.bounds), [evaluation, question]);
  const diagnosis = evaluation?.diagnoses[0];
  const headline = evaluation && diagnosis && runbookHeadline(diagnosis, evaluation);
  const now = evaluation?.judgedAt ?? clock();
  const commandTime = useMemo(
    () => ({
      startWatch: (fix: string) => change({ watch: { fix, copiedAt: clock() } }),
      ...(past ? { backToNow: () => change({ at: undefined }) } : {}),
    }),
    [change, clock, past]
  );

  return (
    <CommandTimeProvider value={commandTime}>
      <div className={styles.page} data-testid={testIds.runbook.page} data-runbook={`${pack.id}/${runbook.id}`}>
        <Toolbar
          url={url}
          onChange={change}
          clock={clock}
          refreshSeconds={refreshSeconds}
          loading={!evaluation?.progress.done}
          onRefresh={refresh}
        >
          <RunbookFacts pack={pack} runbook={runbook} />
        </Toolbar>
        {past && (
          <PastNotice
            at={now}
            now={clock()}
            known={pastKnown(question, evaluation)}
            onNow={() => change({ at: undefined })}
          />
        )}
        <VerdictCard
          headline={headline}
          notChecked={blind}
          signals={diagnosis?.coverage}
          whole={evaluation?.progress.whole ?? false}
          judgedAt={now}
        />
        <NotRecorded recovered={recovered} now={now} />
        <SourceTrouble health={health} mayConfigure={mayConfigure} onRetry={refresh} />
        <div className={styles.columns}>
          <Causes
            bound={bound}
            runbook={runbook}
            question={question}
            evaluation={evaluation}
            diagnosis={diagnosis}
            recovered={recovered}
          />
          <div className={styles.aside}>
            <SourceStrip states={health && sourceStates(health, question, evaluation)} />
            <Prevention bound={bound} runbook={runbook} />
            <Corrections runbook={runbook} />
            <Parameters
              bound={bound}
              runbook={runbook}
              url={url}
              configured={settings.params?.[pack.id] ?? {}}
              onChange={(params) => change({ params })}
            />
          </div>
        </div>
        {watch && !past && <WatchLine watch={watch} onStop={() => change({ watch: undefined })} />}
        <EvaluationFooter evaluation={evaluation} signals={diagnosis?.coverage} past={past} />
      </div>
    </CommandTimeProvider>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  page: css({
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    gap: theme.spacing(2),
    maxWidth: 1440,
    containerType: 'inline-size',
  }),
  columns: css({
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) minmax(260px, 340px)',
    gap: theme.spacing(3),
    // The page is as wide as Grafana's menu leaves it, whatever the window is.
    '@container (max-width: 900px)': { gridTemplateColumns: 'minmax(0, 1fr)' },
  }),
  aside: css({ display: 'grid', gap: theme.spacing(2.5), alignContent: 'start', minWidth: 0 }),
});
