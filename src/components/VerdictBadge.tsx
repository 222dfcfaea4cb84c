import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, Tooltip, useStyles2 } from '@grafana/ui';
import type { Wording } from '../words/verdict';
import { toneText } from './tone';

interface Props {
  wording: Wording;
  large?: boolean;
  'data-testid'?: string;
}

/** In units of spacing: room for the longest word. Columns that hold badges are as wide. */
export const BADGE_WIDTH = 14.5;

/** The word and the icon of a verdict. Its width is fixed, so that a change of word moves nothing. */
export function VerdictBadge({ wording, large = false, 'data-testid': testId }: Props) {
  const styles = useStyles2(getStyles, wording, large);
  return (
    <Tooltip content={wording.means} placement="top-start">
      <span className={styles.badge} data-testid={testId} data-tone={wording.tone}>
        {/* An icon keeps the picture that it was first given: another name needs another icon. */}
        <Icon key={wording.icon} name={wording.icon} size={large ? 'lg' : 'sm'} aria-hidden />
        {wording.word}
      </span>
    </Tooltip>
  );
}

const getStyles = (theme: GrafanaTheme2, wording: Wording, large: boolean) => ({
  badge: css({
    display: 'inline-flex',
    alignItems: 'baseline',
    '> :first-child': { alignSelf: 'center' },
    gap: theme.spacing(large ? 1 : 0.75),
    whiteSpace: 'nowrap',
    color: toneText(theme, wording.tone),
    fontWeight: theme.typography.fontWeightMedium,
    fontSize: large ? theme.typography.h5.fontSize : theme.typography.bodySmall.fontSize,
    lineHeight: large ? theme.typography.h5.lineHeight : theme.typography.bodySmall.lineHeight,
    minWidth: large ? undefined : theme.spacing(BADGE_WIDTH),
  }),
});
