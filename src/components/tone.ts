import type { GrafanaTheme2 } from '@grafana/data';
import type { Tone } from '../words/verdict';

/** Text colour of a tone, readable on both backgrounds of either theme. */
export function toneText(theme: GrafanaTheme2, tone: Tone): string {
  switch (tone) {
    case 'critical':
      return theme.colors.error.text;
    case 'warning':
      return theme.colors.warning.text;
    case 'good':
      return theme.colors.success.text;
    case 'neutral':
      return theme.colors.text.secondary;
    case 'unknown':
      return theme.colors.info.text;
  }
}

export function toneBorder(theme: GrafanaTheme2, tone: Tone): string {
  switch (tone) {
    case 'critical':
      return theme.colors.error.border;
    case 'warning':
      return theme.colors.warning.border;
    case 'good':
      return theme.colors.success.border;
    case 'neutral':
      return theme.colors.border.strong;
    case 'unknown':
      return theme.colors.info.border;
  }
}
