/** Which components the targets of the diagnostics service are. */
import { addTo } from '../addTo';
import type { Component } from '../model/component';
import type { ServiceTarget } from '../model/discovery';
import type { Kind } from '../model/estate';
import { baseOf } from './candidates';
import type { Found } from './found';
import { NO_DIALECT } from './identities';

/** Ids of the targets of the diagnostics service that the component is: a name that people gave it. */
export function targetsOf(component: Pick<Component, 'kinds'>, kinds: readonly Kind[]): string[] {
  return component.kinds.flatMap((as) => {
    const param = kinds.find(({ id }) => id === as.kind)?.target?.param;
    return (param === undefined ? undefined : as.with[param]) ?? [];
  });
}

/** Gives each target to the one component that it can be of, or makes a component of it. A component that has one keeps it. */
export function withTargets(
  found: readonly Found[],
  kinds: readonly Kind[],
  targets: readonly ServiceTarget[]
): Found[] {
  const given = new Map<Found, Map<string, string>>();
  const own: Found[] = [];
  for (const kind of kinds) {
    const param = kind.target?.param ?? '';
    const open = targets.filter((target) => target.kind === kind.target?.kind);
    const ofKind = found.filter((one) => one.kinds.some((as) => as.kind === kind.id && as.with[param] === undefined));
    const byName = certainPairs(open, ofKind, isNamedAs);
    const left = open.filter((target) => !byName.has(target));
    const free = ofKind.filter((one) => ![...byName.values()].includes(one));
    const [target, anotherTarget] = left;
    const [only, another] = free;
    const isOnly = target !== undefined && only !== undefined && anotherTarget === undefined && another === undefined;
    const pairs = isOnly ? new Map([...byName, [target, only]]) : byName;
    for (const each of open) {
      const component = pairs.get(each);
      if (component === undefined) {
        const as = { kind: kind.id, dialect: NO_DIALECT, is: {}, with: { [param]: each.id } };
        own.push({ parts: [], kinds: [as], name: [each.id], title: each.title, is: {} });
      } else {
        given.set(component, (given.get(component) ?? new Map<string, string>()).set(kind.id, each.id));
      }
    }
  }
  const params = new Map(kinds.map(({ id, target }) => [id, target?.param]));
  return [
    ...found.map((one) => ({
      ...one,
      kinds: one.kinds.map((as) => {
        const target = given.get(one)?.get(as.kind);
        const param = params.get(as.kind);
        return target === undefined || param === undefined ? as : { ...as, with: { ...as.with, [param]: target } };
      }),
    })),
    ...own,
  ];
}

/** The pairs of which each is the only one that fits the other. */
function certainPairs<A, B>(as: readonly A[], bs: readonly B[], fits: (a: A, b: B) => boolean): Map<A, B> {
  const pairs = as.flatMap((a) => bs.filter((b) => fits(a, b)).map((b) => [a, b] as const));
  const byFirst = new Map<A, B[]>();
  const bySecond = new Map<B, A[]>();
  pairs.forEach(([a, b]) => {
    addTo(byFirst, a, b);
    addTo(bySecond, b, a);
  });
  return new Map(pairs.filter(([a, b]) => byFirst.get(a)?.length === 1 && bySecond.get(b)?.length === 1));
}

/** The target has the component's name, or that of the host of its series. */
function isNamedAs({ id, title }: ServiceTarget, { parts, is }: Found): boolean {
  const host = is.instance?.replace(/:\d+$/, '');
  return [id, title].some((text) => text === host || parts.some((part) => baseOf(part) === text));
}
