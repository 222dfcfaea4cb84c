import type { FilledFix } from '@live-runbooks/engine';

/** Whether a command may be copied: at once, only after a warning was read, or not at all. */
export type CopyRule =
  | { readonly kind: 'free' }
  | { readonly kind: 'confirm'; readonly warnings: readonly string[] }
  | { readonly kind: 'never'; readonly why: string };

export function copyRule(filled: FilledFix): CopyRule {
  if (!filled.complete) {
    const missing = filled.missing.map((m) => `${m.placeholder}: ${m.why}`).join('; ');
    return { kind: 'never', why: `The command is not complete. ${missing}` };
  }
  const warnings = filled.preconditions
    .filter((p) => p.state !== 'present')
    .map((p) => (p.state === 'absent' ? `Not the case now: ${p.title}` : `Not known: ${p.title}`));
  if (filled.fix.risk === 'destructive') {
    warnings.push(filled.confirm ?? 'This cannot be undone.');
  } else if (filled.confirm) {
    warnings.push(filled.confirm);
  }
  return warnings.length > 0 ? { kind: 'confirm', warnings } : { kind: 'free' };
}
