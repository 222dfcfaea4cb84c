import {
  componentRunbookId,
  isEstate,
  type DeclaredEstate,
  type DiscoveredEstate,
  type Pack,
} from '@live-runbooks/engine';

export interface RunbookAddress {
  readonly pack: string;
  readonly runbook: string;
}

/**
 * Where a runbook is: a runbook of a pack that declares components stands at one of them, in the place of a runbook of its kind, and a
 * component may be named by another id. An address that is none of these is itself.
 */
export function runbookAddress(
  { pack, runbook }: RunbookAddress,
  packs: readonly Pack[],
  { names }: Pick<DeclaredEstate, 'names'>,
  { aliases }: Pick<DiscoveredEstate, 'aliases'>
): RunbookAddress {
  const written = packs.find(({ id }) => id === pack);
  if (written !== undefined && isEstate(written)) {
    const { of = '', extends: base } = written.runbooks.find(({ id }) => id === runbook) ?? {};
    const component = names.get(`${pack}/${of}`);
    return base === undefined || component === undefined
      ? { pack, runbook }
      : { pack: component, runbook: componentRunbookId(base.kind, base.runbook) };
  }
  return { pack: (Object.hasOwn(aliases, pack) ? aliases[pack] : undefined) ?? pack, runbook };
}
