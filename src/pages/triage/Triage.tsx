import React, { useEffect, useMemo } from 'react';
import { isEstate } from '@live-runbooks/engine';
import { ButtonLink } from '../../components/ButtonLink';
import { RecoveredNotice } from '../../components/RecoveredNotice';
import { testIds } from '../../components/testIds';
import { COMPONENTS, PackFilter } from '../../components/Toolbar/PackFilter';
import { VerdictCard } from '../../components/Verdict/VerdictCard';
import { useLiveRunbooks } from '../../context/LiveRunbooks';
import { unreadNow } from '../../estate/home';
import { ofPack } from '../../estate/ofPack';
import { runbookAddress } from '../../estate/runbookAddress';
import { useAwaitedEstate } from '../../estate/useEstate';
import { withFading } from '../../evaluation/evaluation';
import { bindPacks, triageQuestion } from '../../evaluation/question';
import { useOnsets } from '../../evaluation/useOnsets';
import { usePage } from '../../evaluation/usePage';
import { useRecovered } from '../../evaluation/useRecovered';
import { runbookUrl } from '../../url/links';
import { usePageUrl } from '../../url/usePageUrl';
import { alertRows, type AlertsLead } from '../../view/alerts';
import { componentWords } from '../../view/components';
import { triageHeadline } from '../../view/headline';
import { notChecked } from '../../view/notChecked';
import { PageShell } from '../PageShell';
import { AlertsFiring } from './AlertsFiring';
import { Components } from './Components';
import { Findings } from './Findings';
import { PacksUnread } from './PacksUnread';
import { RunbookStates } from './RunbookStates';
import { Suspects } from './Suspects';

/** The answer first, then who else is suspected, what fires, what can be seen, and what was evaluated. */
export function Triage() {
  const { packs, library, requestsBefore, sources, discovery, settings, clock } = useLiveRunbooks();
  const found = useAwaitedEstate();
  const [url, change] = usePageUrl();
  const chosen = useMemo(() => packs.filter((p) => !url.pack || p.id === url.pack), [packs, url.pack]);
  const others = useMemo(() => packs.filter((p) => !chosen.includes(p)), [packs, chosen]);
  const bounds = useMemo(() => bindPacks(chosen, settings, url.params), [chosen, settings, url.params]);
  const beside = useMemo(() => bindPacks(others, settings, url.params), [others, settings, url.params]);
  // The pack whose components alone are looked at.
  const estate = url.pack && chosen.some(isEstate) ? url.pack : undefined;
  const withComponents = !url.pack || url.pack === COMPONENTS || estate !== undefined;
  const looked = useMemo(() => {
    const all = withComponents ? found : undefined;
    return all && estate ? ofPack(all, estate) : all;
  }, [found, withComponents, estate]);
  const before = useMemo(
    () => ({ unread: url.pack ? [] : library.unread, requests: requestsBefore }),
    [library, requestsBefore, url.pack]
  );
  const question = useMemo(
    () =>
      found &&
      triageQuestion(
        bounds,
        url.at,
        [...beside, ...found.bounds.filter((bound) => !looked?.bounds.includes(bound))],
        looked,
        before
      ),
    [bounds, beside, looked, found, before, url.at]
  );
  const page = usePage(question, url);
  const plain = page.evaluation;
  const recovered = useRecovered(sources, question, plain, clock);
  const evaluation = useMemo(
    () => (plain && question && recovered?.recorded ? withFading(plain, question, recovered.fading) : plain),
    [plain, question, recovered]
  );
  const { alerts, rounds } = evaluation?.beside ?? {};
  const done = evaluation?.progress.done === true && question?.at === undefined;
  // The rounds name the targets, so nobody has to ask for them.
  useEffect(() => {
    if (done && rounds !== undefined) {
      discovery.tellTargets(
        rounds.rounds.flatMap(({ target: id, kind, title }) => (kind === undefined ? [] : [{ id, kind, title }]))
      );
    }
  }, [discovery, done, rounds]);
  const onsets = useOnsets(sources, question, evaluation, clock);
  const blind = useMemo(
    () => evaluation && question && notChecked(evaluation, question.bounds),
    [evaluation, question]
  );
  const headline = evaluation && triageHeadline(evaluation);
  const flat = packs.filter((pack) => !isEstate(pack));
  const leads: AlertsLead = {
    packs: flat,
    components: (found?.bounds ?? []).map(({ pack }) => pack),
    addressOf: (address) => runbookAddress(address, packs, discovery.declared, found?.estate ?? { aliases: {} }),
    ...(url.pack ? { only: new Set(question?.bounds.map(({ pack }) => pack.id)) } : {}),
  };
  const keep = { at: url.at, params: url.params };
  const now = evaluation?.judgedAt ?? clock();

  return (
    <PageShell
      url={url}
      change={change}
      state={page}
      question={question}
      evaluation={evaluation}
      signals={evaluation?.triage.signals}
      testId={testIds.triage.page}
      toolbar={
        <PackFilter
          packs={packs}
          components={discovery.kinds.size > 0}
          value={url.pack}
          onChange={(pack) => change({ pack })}
        />
      }
      verdict={
        <VerdictCard
          headline={headline}
          notChecked={blind}
          signals={evaluation?.triage.signals}
          whole={evaluation?.progress.whole ?? false}
          judgedAt={now}
          component={headline?.open && componentWords(headline.open.pack, question?.estate, discovery.kinds)}
          action={
            headline?.open && (
              <ButtonLink
                to={runbookUrl(headline.open.pack, headline.open.runbook, keep, headline.open.cause)}
                data-testid={testIds.verdict.open}
              >
                Open runbook
              </ButtonLink>
            )
          }
        />
      }
      recovered={
        <RecoveredNotice
          recovered={recovered}
          now={now}
          linkTo={(told) => runbookUrl(told.pack, told.runbook, keep, told.cause)}
        />
      }
      notices={!url.pack && <PacksUnread library={library} health={page.health} />}
      before={
        <AlertsFiring
          rows={alerts && alertRows(alerts.alerts, leads)}
          problems={alerts?.problems ?? []}
          heard={alerts?.heard ?? false}
          url={url}
          now={clock()}
        />
      }
    >
      <Suspects
        evaluation={evaluation}
        question={question}
        onsets={onsets}
        kinds={discovery.kinds}
        headline={headline}
        linkTo={({ suspect }) => runbookUrl(suspect.pack, suspect.runbook, keep, suspect.cause)}
      />
      <Findings
        findings={evaluation?.triage.findings ?? []}
        judgedAt={now}
        linkTo={({ pack, runbook }) => runbookUrl(pack, runbook, keep)}
      />
      {withComponents && discovery.kinds.size > 0 && (
        <Components
          found={looked && { ...looked, unread: unreadNow(looked.unread, url.at === undefined ? rounds?.unread : []) }}
          kinds={discovery.kinds}
          evaluation={evaluation}
          linkTo={(component, runbook) => runbookUrl(component, runbook, keep)}
        />
      )}
      <RunbookStates
        evaluation={evaluation}
        runbooks={chosen
          .filter((p) => flat.includes(p))
          .flatMap((p) => p.runbooks.map((r) => ({ pack: p.id, packTitle: p.title, id: r.id, title: r.title })))}
        linkTo={(pack, runbook) => runbookUrl(pack, runbook, keep)}
      />
    </PageShell>
  );
}
