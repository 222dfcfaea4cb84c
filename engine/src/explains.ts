/**
 * The names in `explains`: a runbook (`lock-contention`), a cause of one (`slow-api/slow-query`) or a shared cause
 * (`common/slow-query`). A name means this pack unless it says another (`sqlstudio:slow-api`) or every one (`*:slow-api`).
 */
import type { Cause } from './model/pack';

export interface ExplainsName {
  /** `*` for every pack. */
  readonly pack: string;
  readonly name: string;
}

const parsed = new WeakMap<readonly string[], readonly ExplainsName[]>();

/** The names of a cause, with the pack that each of them means. */
export function explainsNames(cause: Cause, pack: string): readonly ExplainsName[] {
  const known = parsed.get(cause.explains);
  if (known) {
    return known;
  }
  const names = cause.explains.map((text) => {
    const match = /^([^:/]+):(.+)$/.exec(text);
    return match?.[1] !== undefined && match[2] !== undefined
      ? { pack: match[1], name: match[2] }
      : { pack, name: text };
  });
  parsed.set(cause.explains, names);
  return names;
}

/**
 * Whether `cause` (of `pack`) explains what was found at `found`. Inside one runbook (`within`) the runbook's own name
 * does not count: a runbook is not downstream of its own causes.
 */
export function explainsCause(
  cause: Cause,
  pack: string,
  found: { readonly pack: string; readonly runbook: string; readonly cause: Cause },
  within = false
): boolean {
  if (cause.explains.length === 0 || cause.identity === found.cause.identity) {
    return false;
  }
  return explainsNames(cause, pack).some(
    (name) =>
      name.name === found.cause.identity ||
      ((name.pack === '*' || name.pack === found.pack) &&
        ((!within && name.name === found.runbook) || name.name === `${found.runbook}/${found.cause.id}`))
  );
}

/** Whether `cause` (of `pack`) explains a whole runbook. */
export function explainsRunbook(
  cause: Cause,
  pack: string,
  found: { readonly pack: string; readonly runbook: string }
): boolean {
  return explainsNames(cause, pack).some(
    (name) => (name.pack === '*' || name.pack === found.pack) && name.name === found.runbook
  );
}
