import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2, useTheme2 } from '@grafana/ui';
import type { SourceHealth } from '@live-runbooks/sources';
import { HEALTH, TITLES } from '../../view/sourceStates';
import { testIds } from '../testIds';
import { toneText } from '../tone';

/** What each source answered to the test: exactly what failed, and how to mend it. */
export function TestResult({ health }: { health: readonly SourceHealth[] }) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  return (
    <div role="status" data-testid={testIds.config.testResult}>
      <ul className={styles.list}>
        {health.map((h) => {
          const { word, icon, tone } = HEALTH[h.state];
          return (
            <li key={h.source} data-source={h.source} data-state={h.state}>
              <span style={{ color: toneText(theme, tone) }}>
                <Icon name={icon} size="sm" aria-hidden />
              </span>{' '}
              <strong>{TITLES[h.source]}</strong> {word}
              <span className={styles.weak}>
                {' '}
                · {[h.detail === word ? '' : h.detail, `${Math.round(h.tookMs)} ms`].filter(Boolean).join(' · ')}
              </span>
              {h.mend && <div className={styles.mend}>{h.mend}</div>}
              {h.targets && h.targets.length > 0 && (
                <div className={styles.mend}>{h.targets.map((t) => `${t.title} (${t.kind})`).join(', ')}</div>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ listStyle: 'none', margin: theme.spacing(2, 0, 0), padding: 0, display: 'grid', gap: theme.spacing(1) }),
  weak: css({ color: theme.colors.text.secondary }),
  mend: css({ paddingLeft: theme.spacing(2.5), overflowWrap: 'anywhere' }),
});
