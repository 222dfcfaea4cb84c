/** What tells components apart: equal identities are one component. */
import type { ComponentKind } from '../model/component';
import type { Kind } from '../model/estate';

/** The dialect of a component that only the diagnostics service knows: no series of it was found. */
export const NO_DIALECT = 'diagnostics';

/** What tells a component apart as one of its kinds: its labels, and the target of the diagnostics service. */
export function identitiesOf(
  { kind, is, with: values }: Pick<ComponentKind, 'kind' | 'is' | 'with'>,
  kinds: ReadonlyMap<string, Kind>
): string[] {
  const param = kinds.get(kind)?.target?.param;
  const target = param === undefined ? undefined : values[param];
  return [
    ...(Object.keys(is).length === 0 ? [] : [labelIdentity(kind, is)]),
    ...(target === undefined ? [] : [JSON.stringify([kind, 'target', target])]),
  ];
}

/** Equal where all labels are. Prometheus tells no difference between an empty label and none. */
export function labelIdentity(kind: string, is: Readonly<Record<string, string>>): string {
  const labels = Object.entries(is).filter(([, value]) => value !== '');
  return JSON.stringify([kind, 'labels', labels.sort()]);
}
