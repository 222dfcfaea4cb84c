import type { GrafanaTheme2 } from '@grafana/data';
import type { Tone } from '../words/verdict';

/** Text colour of a tone, readable on both backgrounds of either theme. */
export function toneText(theme: GrafanaTheme2, tone: Tone): string {
  return coloursOf(theme, tone).text;
}

export function toneBorder(theme: GrafanaTheme2, tone: Tone): string {
  return coloursOf(theme, tone).border;
}

function coloursOf({ colors }: GrafanaTheme2, tone: Tone): { readonly text: string; readonly border: string } {
  switch (tone) {
    case 'critical':
      return colors.error;
    case 'warning':
      return colors.warning;
    case 'good':
      return colors.success;
    case 'neutral':
      return { text: colors.text.secondary, border: colors.border.strong };
    case 'unknown':
      return colors.info;
  }
}
