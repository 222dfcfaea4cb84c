/**
 * Who fills the roles of a component: a pool needs its database, and what its causes say of a database is asked at the component to
 * which the arrow points. Nothing is guessed: of two that may fill a role neither does, unless an arrow says so.
 */
import type { Component, ComponentKind } from '../model/component';
import type { Estate, Kind, Role } from '../model/estate';

export interface FilledRole {
  /** What the other component is. */
  readonly as: ComponentKind;
  /** Values of the parameters of the role. */
  readonly with: Readonly<Record<string, string>>;
  /** All parameters of the role, with and without a value. */
  readonly params: readonly string[];
}

/** The roles of the component that its arrows fill. */
export function rolesOf(
  component: Component,
  { components, arrows }: Estate,
  kinds: ReadonlyMap<string, Kind>
): FilledRole[] {
  const own = new Set(component.kinds.map(({ kind }) => kind));
  const ofKinds = component.kinds.flatMap(({ kind }) => Object.entries(kinds.get(kind)?.roles ?? {}));
  return ofKinds.flatMap(([name, role]): FilledRole[] => {
    const fitting = arrows.flatMap((arrow) => {
      const other = arrow.from === component.id ? components.find(({ id }) => id === arrow.to) : undefined;
      const as = arrow.drains === true ? undefined : other?.kinds.find(({ kind }) => kind === role.kind);
      return as === undefined ? [] : [{ arrow, as }];
    });
    const named = fitting.filter(({ arrow }) => arrow.as === name);
    const [only, another] = named.length > 0 ? named : fitting.filter(({ arrow }) => arrow.as === undefined);
    // A component that is of the kind itself has signals of its own by these names.
    return only === undefined || another !== undefined || own.has(role.kind)
      ? []
      : [{ as: only.as, with: valuesOf(role, only.arrow), params: Object.keys(role.params) }];
  });
}

function valuesOf(
  { params }: Role,
  arrow: { readonly with?: Readonly<Record<string, string>>; readonly client?: string }
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).flatMap(([name, from]) => {
      const value = arrow.with?.[name] ?? (from === 'client' ? arrow.client : undefined);
      return value === undefined ? [] : [[name, value]];
    })
  );
}
