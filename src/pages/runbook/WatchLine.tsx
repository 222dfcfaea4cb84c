import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, IconButton, useStyles2 } from '@grafana/ui';
import { showHidden } from '@live-runbooks/engine';
import { testIds } from '../../components/testIds';
import { toneBorder, toneText } from '../../components/tone';
import { clock } from '../../words/amounts';
import { WATCHES } from '../../words/fixes';
import type { Tone } from '../../words/verdict';
import type { WatchedFix } from './useFixWatch';

interface Props {
  watch: WatchedFix;
  onStop: () => void;
}

/**
 * After the command was copied: whether it worked. It stays at the foot of the window, because the card that it came from
 * closes when the fix works.
 */
export function WatchLine({ watch, onStop }: Props) {
  const { word, icon, tone } = WATCHES[watch.state.state];
  const styles = useStyles2(getStyles, tone);
  return (
    <div className={styles.line} role="status" data-testid={testIds.runbook.watch} data-state={watch.state.state}>
      <span className={styles.word}>
        <Icon key={icon} name={icon} aria-hidden /> {word}
      </span>
      <span className={styles.says}>
        {showHidden(watch.state.says)}
        {watch.state.undo && ` Undo it: ${watch.state.undo}.`}
      </span>
      <span className={styles.weak}>
        “{watch.title}” copied at {clock(watch.copiedAt)}
      </span>
      <IconButton name="times" size="sm" tooltip="Stop watching" onClick={onStop} />
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2, tone: Tone) => ({
  line: css({
    position: 'sticky',
    // flush with the window: nothing is to be read below it
    bottom: 0,
    zIndex: theme.zIndex.navbarFixed,
    background: theme.colors.background.elevated ?? theme.colors.background.secondary,
    boxShadow: theme.shadows.z3,
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5, 1.5),
    padding: theme.spacing(0.75, 1.25),
    border: `1px solid ${toneBorder(theme, tone)}`,
    borderRadius: theme.shape.radius.default,
  }),
  word: css({ color: toneText(theme, tone), fontWeight: theme.typography.fontWeightMedium, whiteSpace: 'nowrap' }),
  says: css({ flex: 1, minWidth: '20ch' }),
  weak: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
});
