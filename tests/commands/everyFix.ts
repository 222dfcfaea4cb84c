/** Every fix of every pack, once a pack, and what the engine makes of it with made-up facts. */
import { bind, fillFix, type BoundPack, type FilledFix, type Fix, type Outcome, type Row } from '@live-runbooks/engine';

import { SHIPPED_PACKS } from '../packs/shippedPacks';

export interface PackFix {
  readonly pack: string;
  readonly runbook: string;
  readonly fix: Fix;
}

/** What is the case when a fix is filled: the first row of each signal (`value` is the signal's own), and the inputs. */
export interface Facts {
  readonly rows?: Readonly<Record<string, Row>>;
  readonly typed?: Readonly<Record<string, string>>;
}

/** A fix that several runbooks of a pack share is the same command: it is listed once. */
export const EVERY_FIX: readonly PackFix[] = SHIPPED_PACKS.flatMap(({ id, runbooks }) => [
  ...new Map(
    runbooks.flatMap((runbook) =>
      Object.values(runbook.fixes).map((fix) => [
        `${fix.id} ${fix.command}`,
        { pack: id, runbook: runbook.id, fix } satisfies PackFix,
      ])
    )
  ).values(),
]);

/** The packs bound to these parameters; those that a pack does not have are left out. */
export function bindAll(configured: Readonly<Record<string, string>>): ReadonlyMap<string, BoundPack> {
  return new Map(
    SHIPPED_PACKS.map((pack) => {
      const own = Object.entries(configured).filter(([name]) => Object.hasOwn(pack.params, name));
      return [pack.id, bind(pack, { configured: Object.fromEntries(own) })];
    })
  );
}

/** Preconditions hold; a signal that the facts do not name has no value, so that a command cannot be filled with it. */
export function fillWith(bound: BoundPack, { runbook, fix }: PackFix, { rows = {}, typed = {} }: Facts): FilledFix {
  const outcome = (signal: string, state: Outcome['state']): [string, Outcome] => {
    const { value, ...row } = rows[signal] ?? {};
    return [
      `${bound.pack.id}/${signal}`,
      { signal, state, rows: [row], ...(typeof value === 'number' ? { value } : {}), askedAt: 1, tookMs: 1 },
    ];
  };
  const outcomes = new Map([
    ...Object.keys(rows).map((signal) => outcome(signal, 'present')),
    ...fix.when.map((signal) => outcome(signal, 'present')),
    ...fix.unless.map((signal) => outcome(signal, 'absent')),
  ]);
  return fillFix(bound, runbook, fix.id, outcomes, typed);
}
