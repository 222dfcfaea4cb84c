import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { Unread } from '@live-runbooks/engine';
import type { PackProblem } from '@live-runbooks/sources';
import { placeOf, type PackLibrary } from '../packs/library';
import { count } from '../words/amounts';
import { plainList } from './lists';
import { MendText } from './MendText';
import { Notice } from './Notice';
import { testIds } from './testIds';

/** Further problems are counted: one mistake often makes many. */
const SHOWN = 8;

/** What is wrong with packs of the diagnostics service, by file and line. The other packs are evaluated all the same. */
export function PackProblems({ library: { problems, unasked } }: { library: PackLibrary }) {
  const styles = useStyles2(getStyles);
  if (problems.length === 0) {
    return unasked === undefined ? null : <Unasked unasked={unasked} />;
  }
  const files = new Set(problems.map(({ file }) => file)).size;
  return (
    <>
      {unasked && <Unasked unasked={unasked} />}
      <Notice icon="exclamation-triangle" tone="warning" data-testid={testIds.packProblems}>
        <strong>
          {count(problems.length, 'problem')} in {files === 1 ? 'a file' : `${files} files`} of the diagnostics
          service’s packs.
        </strong>{' '}
        Whatever is not named here is evaluated.
        <ul className={styles.list}>
          {problems.slice(0, SHOWN).map((problem) => (
            <Problem key={`${placeOf(problem)} ${problem.message}`} problem={problem} />
          ))}
        </ul>
        {problems.length > SHOWN && <div className={styles.weak}>And {problems.length - SHOWN} more.</div>}
      </Notice>
    </>
  );
}

function Problem({ problem }: { problem: PackProblem }) {
  const styles = useStyles2(getStyles);
  return (
    <li data-severity={problem.severity}>
      <code className={styles.place}>
        {problem.file}:{problem.line}
      </code>{' '}
      {problem.message}
    </li>
  );
}

function Unasked({ unasked: { detail, mend } }: { unasked: Unread }) {
  return (
    <Notice icon="exclamation-triangle" tone="warning" data-testid={testIds.packsUnasked}>
      <strong>Whether the diagnostics service has packs of its own is not known</strong> ({detail}).{' '}
      <MendText text={mend} />
    </Notice>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ ...plainList(theme, 0.5), marginTop: theme.spacing(0.5) }),
  place: css({ marginRight: theme.spacing(0.5) }),
  weak: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
});
