import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import {
  sharedName,
  type BoundPack,
  type Cause,
  type Fix,
  type Pack,
  type RankedCause,
  type Runbook,
} from '@live-runbooks/engine';
import { EvidenceList } from '../../components/Evidence/EvidenceList';
import type { Evaluation, Question } from '../../evaluation/evaluation';
import { FixCard } from './FixCard';

interface Props {
  cause: Cause;
  ranked: RankedCause;
  live: boolean;
  bound: BoundPack;
  runbook: Runbook;
  question: Question;
  evaluation: Evaluation;
}

/** What opens under a cause: why it is believed, what not to do, what mends it, and what it could be taken for. */
export function CauseBody({ cause, ranked, live, bound, runbook, question, evaluation }: Props) {
  const styles = useStyles2(getStyles);
  const evidence = { bound, question, evaluation };
  return (
    <div className={styles.body}>
      <EvidenceList title="For" kind="for" contributions={ranked.supports} {...evidence} />
      <EvidenceList title="Against" kind="against" contributions={ranked.contradicts} {...evidence} />
      {live && cause.dont.length > 0 && (
        <Notes title="Do not">
          {cause.dont.map((text) => (
            <li key={text} className={styles.dont}>
              <Icon name="ban" size="sm" aria-hidden />
              <span>{text}</span>
            </li>
          ))}
        </Notes>
      )}
      {fixesOf(cause, runbook).map((fix) => (
        <FixCard key={fix.id} fix={fix} bound={bound} runbook={runbook} evaluation={evaluation} />
      ))}
      <EvidenceList title="Not known" kind="unknown" contributions={ranked.unknown} {...evidence} />
      {live && cause.lookAlikes.length > 0 && (
        <Notes title="Not to be confused with">
          {cause.lookAlikes.map((other) => (
            <li key={other.cause}>
              <strong>{titleOf(bound.pack, runbook, other.cause)}</strong>: {other.differs}
            </li>
          ))}
        </Notes>
      )}
    </div>
  );
}

function Notes({ title, children }: { title: string; children: React.ReactNode }) {
  const styles = useStyles2(getStyles);
  return (
    <div>
      <h4 className={styles.title}>{title}</h4>
      <ul className={styles.notes}>{children}</ul>
    </div>
  );
}

/** What stops the harm comes first, then what only looks, then what mends for good; else as written. */
function fixesOf(cause: Cause, runbook: Runbook): Fix[] {
  const fixes = cause.fixes.flatMap((id) => runbook.fixes[id] ?? []);
  return [...fixes].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

const ORDER: ReadonlyArray<Fix['kind']> = ['mitigate', 'read', 'permanent'];

/** The title of a cause of this runbook, else of another one of its pack. */
function titleOf(pack: Pack, runbook: Runbook, cause: string): string {
  const everywhere = [runbook, ...pack.runbooks].flatMap((r) => r.causes);
  return everywhere.find((c) => [c.id, c.identity, sharedName(c.identity)].includes(cause))?.title ?? cause;
}

const getStyles = (theme: GrafanaTheme2) => ({
  body: css({ display: 'grid', gap: theme.spacing(1.25), padding: theme.spacing(0, 2, 2, 4.5), minWidth: 0 }),
  title: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary, margin: 0 }),
  notes: css({
    listStyle: 'none',
    margin: 0,
    padding: 0,
    display: 'grid',
    gap: theme.spacing(0.5),
    overflowWrap: 'anywhere',
  }),
  dont: css({
    display: 'grid',
    gridTemplateColumns: `${theme.spacing(2)} minmax(0, 1fr)`,
    gap: theme.spacing(1),
    alignItems: 'center',
    '> :first-child': { color: theme.colors.warning.text },
  }),
});
