import type { FilledFix } from '@live-runbooks/engine';

/** Whether a command may be copied: at once, only after a warning was read, or not at all. */
export type CopyRule =
  | { readonly kind: 'free' }
  | { readonly kind: 'confirm'; readonly warnings: readonly string[] }
  | { readonly kind: 'never'; readonly why: string };

export function copyRule(filled: FilledFix): CopyRule {
  if (!filled.complete) {
    const titleOf = (placeholder: string) =>
      filled.inputs.find(({ name }) => name === placeholder)?.title ?? placeholder;
    const reasons = filled.missing.map((m) => `${titleOf(m.placeholder)}: ${m.why}`);
    if (filled.change?.refused !== undefined) {
      reasons.push(filled.change.refused);
    }
    return { kind: 'never', why: `The command is not ready. ${reasons.join('; ')}` };
  }
  const warnings = filled.preconditions
    .filter((p) => p.state !== p.wanted)
    .map((p) => {
      if (p.state === 'unknown') {
        return `Not known: ${p.title}`;
      }
      return p.wanted === 'present' ? `Not the case now: ${p.title}` : `The case now, and should not be: ${p.title}`;
    });
  if (filled.confirm) {
    warnings.push(filled.confirm);
  } else if (filled.fix.risk === 'destructive') {
    warnings.push('This cannot be undone.');
  }
  return warnings.length > 0 ? { kind: 'confirm', warnings } : { kind: 'free' };
}
