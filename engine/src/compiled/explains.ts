/**
 * The names in `explains`: a runbook (`lock-contention`), a cause of one (`slow-api/slow-query`) or a shared cause
 * (`postgres/expensive-statement`). A name means this pack unless it says another (`sqlstudio:slow-api`) or every one (`*:slow-api`).
 */
import type { Cause } from '../model/pack';

export interface ExplainsName {
  /** `*` for every pack. */
  readonly pack: string;
  readonly name: string;
  /** Both: `<pack>:<name>`. */
  readonly full: string;
  /** The parts of the name: a runbook, and the cause of it that is meant; undefined for the whole runbook. */
  readonly runbook: string;
  readonly cause: string | undefined;
}

/** What stands before the colon is a pack or a component, whose id may have any shape; neither names nor kinds have a colon. */
function parts(text: string): { readonly owner: string | undefined; readonly name: string } {
  const [, owner, name = text] = /^([^:]+):(.+)$/.exec(text) ?? [];
  return { owner, name };
}

/** The name of a cause without the pack or component that has it for itself. */
export function sharedName(identity: string): string {
  return parts(identity).name;
}

const parsed = new WeakMap<readonly string[], { pack: string; names: readonly ExplainsName[] }>();

/** The names of a cause of `pack`, with the pack that each of them means. */
export function explainsNames(cause: Cause, pack: string): readonly ExplainsName[] {
  const known = parsed.get(cause.explains);
  if (known?.pack === pack) {
    return known.names;
  }
  const names = cause.explains.map((text): ExplainsName => {
    const { owner: named = pack, name } = parts(text);
    const [runbook = '', causeId] = name.split('/');
    return { pack: named, name, full: `${named}:${name}`, runbook, cause: causeId };
  });
  parsed.set(cause.explains, { pack, names });
  return names;
}

/** Everything that a name in `explains` can call a cause of a runbook, by the cause's own name or by the runbook's. */
export function namesOf({ id, identity }: Cause, pack: string, runbook: string): string[] {
  const places = [pack, '*'].flatMap((home) => [`${home}:${runbook}`, `${home}:${runbook}/${id}`]);
  const { owner, name } = parts(identity);
  const shared = owner === undefined ? [] : [`*:${name}`];
  // A cause of one pack is `<pack>:<kind>/…`: found from that pack, and by `*:<kind>/…` from any.
  return [...new Set([identity, ...shared, ...places])];
}

/**
 * Whether a name means the shared cause with this identity: one of the estate by its own name, one of a pack
 * (`gorax:http-service/bad-deploy`) from within that pack, or by naming it or every pack.
 */
export function namesIdentity({ pack, name }: Pick<ExplainsName, 'pack' | 'name'>, identity: string): boolean {
  const { owner, name: shared } = parts(identity);
  return name === shared && (owner === undefined || pack === '*' || pack === owner);
}

/** Whether `cause` explains another one of its own runbook, by that one's name. */
export function explainsBeside(cause: Cause, other: Cause, pack: string, runbook: string): boolean {
  return (
    cause.explains.length > 0 &&
    cause.identity !== other.identity &&
    explainsNames(cause, pack).some(
      (name) =>
        namesIdentity(name, other.identity) ||
        ((name.pack === '*' || name.pack === pack) && name.name === `${runbook}/${other.id}`)
    )
  );
}
