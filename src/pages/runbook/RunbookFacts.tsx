import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { capitalise, type Pack, type Runbook } from '@live-runbooks/engine';
import { originWords, type PackOrigin } from '../../packs/library';
import { NOT_ADOPTED, type ComponentWords } from '../../view/components';
import { guideLabel } from '../../words/guide';

interface Props {
  pack: Pack;
  runbook: Runbook;
  /** Set when it is of no pack. */
  component: ComponentWords | undefined;
  origin: PackOrigin;
  /** Its id in the pack from which it comes. */
  writtenAs: string;
}

/** What this runbook is about, in one quiet line. */
export function RunbookFacts({ pack, runbook, component, origin, writtenAs }: Props) {
  const styles = useStyles2(getStyles);
  const facts: Array<readonly [string, string]> = [
    ...(component
      ? ([
          ['Component', component.adopted === false ? `${component.title} (${NOT_ADOPTED})` : component.title],
          ['Kind', component.kinds.join(', ')],
          ['Depends on', component.dependsOn.join(', ')],
          ['Needed by', component.neededBy.join(', ')],
          ['Declared by', component.declaredBy.join(', ')],
          ['Not found', component.unseen.join(', ')],
        ] as const)
      : ([['Service', pack.title]] as const)),
    ['Area', capitalise(runbook.area)],
    ['Alerts', runbook.alerts.join(', ')],
    [guideLabel(runbook), runbook.covers.join(', ')],
    ['Runbook', originWords(origin, writtenAs)],
  ];
  return (
    <dl className={styles.facts}>
      {facts
        .filter(([, value]) => value)
        .map(([name, value]) => (
          <div key={name} className={styles.fact}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  facts: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0.5, 2.5), margin: 0 }),
  fact: css({
    display: 'flex',
    gap: theme.spacing(0.75),
    dt: {
      color: theme.colors.text.secondary,
      fontWeight: theme.typography.fontWeightRegular,
      whiteSpace: 'nowrap',
    },
    dd: { margin: 0 },
  }),
});
