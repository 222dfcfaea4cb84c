import React, { useMemo } from 'react';
import { NotRecorded } from '../../components/RecoveredNotice';
import { testIds } from '../../components/testIds';
import { WhatChanged } from '../../components/WhatChanged';
import { VerdictCard } from '../../components/Verdict/VerdictCard';
import { useUnchanged } from '../../components/useUnchanged';
import { useLiveRunbooks } from '../../context/LiveRunbooks';
import { componentRunbookId, rolesOf } from '@live-runbooks/engine';
import { boundComponent } from '../../estate/boundComponent';
import { useEstate } from '../../estate/useEstate';
import { useNeighbours } from '../../estate/useNeighbours';
import { bindPacks, runbookQuestion } from '../../evaluation/question';
import { useOnsets } from '../../evaluation/useOnsets';
import { usePage } from '../../evaluation/usePage';
import { useRecovered } from '../../evaluation/useRecovered';
import { originOf } from '../../packs/library';
import { usePageUrl } from '../../url/usePageUrl';
import { componentWords } from '../../view/components';
import { changesOf } from '../../view/changes';
import { runbookHeadline } from '../../view/headline';
import { notChecked } from '../../view/notChecked';
import { PageShell } from '../PageShell';
import { Causes } from './Causes';
import { Corrections } from './Corrections';
import { Parameters } from './Parameters';
import { Prevention } from './Prevention';
import { RunbookFacts } from './RunbookFacts';
import { CommandTimeProvider } from './WatchContext';
import { useFixWatch } from './useFixWatch';
import type { FoundRunbook } from './useRunbook';
import { WatchLine } from './WatchLine';

/** While a fix is watched, the signals are asked this often. Seconds. */
const WATCH_SECONDS = 3;

/** One runbook: its verdict, its causes with their evidence and fixes, and what the source guide has to say. */
export function RunbookView({ pack, runbook, component }: FoundRunbook) {
  const { library, sources, discovery, settings, clock } = useLiveRunbooks();
  const { estate } = useEstate(discovery, false);
  const beside = useNeighbours(discovery, component);
  const [url, change] = usePageUrl();
  // The same while the estate says the same: a page that asks anew loses its place.
  const roles = useUnchanged(component ? rolesOf(component, estate, discovery.kinds) : []);
  const bound = useMemo(() => {
    const [only] = component
      ? [boundComponent(component, roles, discovery, url.params)]
      : bindPacks([pack], settings, url.params);
    if (!only) {
      throw new Error(`The pack ${pack.id} could not be bound to its parameters`);
    }
    return only;
  }, [pack, component, roles, discovery, settings, url.params]);
  const question = useMemo(() => runbookQuestion(bound, runbook.id, url.at, beside), [bound, runbook, url.at, beside]);
  const watched = url.at === undefined ? url.watch : undefined;
  const page = usePage(question, url, watched ? WATCH_SECONDS : undefined);
  const { evaluation } = page;
  const watch = useFixWatch(bound, runbook, watched, evaluation);
  const recovered = useRecovered(sources, question, evaluation, clock);
  const onsets = useOnsets(sources, question, evaluation, clock);
  const past = url.at !== undefined;
  const blind = useMemo(() => evaluation && notChecked(evaluation, question.bounds), [evaluation, question]);
  const diagnosis = evaluation?.diagnoses[0];
  const headline = evaluation && diagnosis && runbookHeadline(diagnosis, evaluation, question);
  const now = evaluation?.judgedAt ?? clock();
  // A runbook of a pack may stand at a component in the place of that of the kind.
  const written = discovery.declared.extensions
    .get(pack.id)
    ?.find(({ kind, replaces }) => componentRunbookId(kind, replaces) === runbook.id)?.runbook ?? {
    pack: pack.id,
    id: runbook.id,
  };
  const commandTime = useMemo(
    () => ({
      startWatch: (fix: string, typed: Readonly<Record<string, string>>) =>
        change({ watch: { fix, copiedAt: clock(), typed } }),
      ...(past ? { backToNow: () => change({ at: undefined }) } : {}),
    }),
    [change, clock, past]
  );

  return (
    <CommandTimeProvider value={commandTime}>
      <PageShell
        url={url}
        change={change}
        state={page}
        question={question}
        evaluation={evaluation}
        signals={diagnosis?.coverage}
        testId={testIds.runbook.page}
        runbook={`${pack.id}/${runbook.id}`}
        toolbar={
          <RunbookFacts
            pack={pack}
            runbook={runbook}
            component={component && componentWords(component.id, estate, discovery.kinds)}
            origin={originOf(library, written.pack)}
            writtenAs={written.id}
          />
        }
        verdict={
          <VerdictCard
            headline={headline}
            notChecked={blind}
            signals={diagnosis?.coverage}
            whole={evaluation?.progress.whole ?? false}
            judgedAt={now}
          />
        }
        recovered={<NotRecorded recovered={recovered} now={now} />}
        before={
          <WhatChanged
            changes={evaluation && diagnosis && changesOf(diagnosis, question, evaluation, onsets)}
            judgedAt={now}
          />
        }
        after={
          <>
            <Prevention bound={bound} runbook={runbook} />
            <Corrections runbook={runbook} />
            <Parameters
              bound={bound}
              runbook={runbook}
              url={url}
              configured={settings.params?.[pack.id] ?? {}}
              onChange={(params) => change({ params })}
            />
          </>
        }
        foot={watch && <WatchLine watch={watch} onStop={() => change({ watch: undefined })} />}
      >
        <Causes
          bound={bound}
          runbook={runbook}
          question={question}
          evaluation={evaluation}
          diagnosis={diagnosis}
          recovered={recovered}
        />
      </PageShell>
    </CommandTimeProvider>
  );
}
