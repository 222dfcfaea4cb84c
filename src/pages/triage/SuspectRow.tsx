import React from 'react';
import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import { PageLink } from '../../components/PageLink';
import { testIds } from '../../components/testIds';
import { BADGE_WIDTH, VerdictBadge } from '../../components/VerdictBadge';
import { aboutComponent } from '../../view/components';
import type { SuspectRow as Row } from '../../view/suspects';
import { clock } from '../../words/amounts';
import { unbroken } from '../../words/sentence';
import { VERDICTS } from '../../words/verdict';
import { rowParts } from './rowParts';

interface Props {
  row: Row;
  to: string;
  judgedAt: number;
  /** The page's headline says its sentence already. */
  said: boolean;
  /** What it depends on and what of that is quiet, unless the headline says so. */
  heard: string | undefined;
  /** What changed around it, in lines. */
  changed: readonly string[];
}

export function SuspectRow({ row, to, judgedAt, said, heard, changed }: Props) {
  const styles = useStyles2(getStyles);
  const { suspect, rank } = row;
  const demoted = rank === undefined;
  return (
    <li
      className={cx(styles.row, demoted && styles.demoted)}
      data-testid={testIds.triage.suspect}
      data-cause={row.key}
      data-causes={[row.key, ...suspect.alsoIn.map((o) => `${o.pack}/${o.runbook}/${o.cause}`)].join(' ')}
      data-verdict={suspect.verdict}
      data-rank={rank}
    >
      <span className={styles.rank} aria-hidden>
        {demoted ? <Icon name="corner-down-right-alt" size="sm" /> : rank}
      </span>
      <VerdictBadge wording={VERDICTS[suspect.verdict]} />
      <div className={cx(TEXT, styles.text)}>
        <PageLink to={to} className={styles.title}>
          {suspect.title}
        </PageLink>
        {!said && <div className={styles.says}>{unbroken(suspect.says)}</div>}
        {[...relations(row, heard), ...changed].map((text) => (
          <div key={text} className={styles.weak}>
            {text}
          </div>
        ))}
      </div>
      <span className={styles.since}>{suspect.since !== undefined && `since ${clock(suspect.since, judgedAt)}`}</span>
    </li>
  );
}

/** Where there is little room the text goes below its verdict. */
const TEXT = 'lr-suspect-text';

/** Where a suspect is, and how it stands to the others: what explains it, what it explains, where else it was found. */
function relations({ component, explains, alsoIn, explainedBy }: Row, heard: string | undefined): string[] {
  return [
    component ? aboutComponent(component) : '',
    heard ?? (component && component.dependsOn.length > 0 ? `Depends on: ${component.dependsOn.join(', ')}` : ''),
    explainedBy ? `Explained by: ${explainedBy}` : '',
    !explainedBy && explains.length > 0 ? `Explains: ${explains.join(', ')}` : '',
    alsoIn.length > 0 ? `Also found in: ${alsoIn.join(', ')}` : '',
  ].filter(Boolean);
}

const getStyles = (theme: GrafanaTheme2) => ({
  row: css({
    ...rowParts(theme).row,
    gridTemplateColumns: `${theme.spacing(2)} ${theme.spacing(BADGE_WIDTH)} minmax(0, 1fr) auto`,
    '@container (max-width: 620px)': {
      gridTemplateColumns: `${theme.spacing(2)} minmax(0, 1fr) auto`,
      [`.${TEXT}`]: { gridColumn: '2 / -1', gridRow: 2 },
    },
  }),
  demoted: css({ paddingLeft: theme.spacing(4) }),
  rank: css({ color: theme.colors.text.secondary, fontVariantNumeric: 'tabular-nums', textAlign: 'right' }),
  text: css(rowParts(theme).text),
  title: css({ color: theme.colors.text.primary, fontWeight: theme.typography.fontWeightMedium }),
  says: css({ color: theme.colors.text.primary }),
  weak: css(rowParts(theme).weak),
  since: css(rowParts(theme).since),
});
