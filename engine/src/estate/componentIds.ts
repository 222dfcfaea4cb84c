/** Ids of components: words for addresses, made of stable labels. */
import { addTo } from '../addTo';
import { compareText } from '../compareText';

export interface ToName {
  readonly name: readonly string[];
  /** All identity labels of the component. */
  readonly is: Readonly<Record<string, string>>;
}

/** Labels that change when a process starts anew: they are the last to tell two components apart. */
const UNSTABLE = new Set(['instance', 'pod']);

/**
 * An id for each, none of which is `taken`. Two that would be alike get the values of more labels, one label after the other; where
 * no label tells them apart they are numbered.
 */
export function componentIds<T extends ToName>(components: readonly T[], taken: ReadonlySet<string>): Map<T, string> {
  const ids = new Map<T, string>();
  const used = new Set(taken);
  const settle = (alike: readonly T[], labels: readonly string[], extra: readonly string[]) => {
    const byId = new Map<string, T[]>();
    alike.forEach((component) => addTo(byId, idOf(component, extra), component));
    for (const [id, group] of byId) {
      const [only, another] = group;
      const [label, ...rest] = labels;
      if (only !== undefined && another === undefined && !used.has(id)) {
        used.add(id);
        ids.set(only, id);
      } else if (label === undefined) {
        number(group, id);
      } else {
        settle(group, rest, [...extra, label]);
      }
    }
  };
  const number = (group: readonly T[], id: string) => {
    let next = 1;
    for (const component of group) {
      while (used.has(`${id}-${next}`)) {
        next++;
      }
      used.add(`${id}-${next}`);
      ids.set(component, `${id}-${next}`);
    }
  };
  const inOrder = [...components].sort((a, b) => compareText(textOf(a), textOf(b)));
  settle(inOrder, labelsOf(components), []);
  return ids;
}

/** The same for the same component, in whatever order they were found. */
function textOf({ name, is }: ToName): string {
  return JSON.stringify([Object.entries(is).sort(), name]);
}

function labelsOf(components: readonly ToName[]): string[] {
  const all = [...new Set(components.flatMap(({ is }) => Object.keys(is)))].sort(compareText);
  return [...all.filter((label) => !UNSTABLE.has(label)), ...all.filter((label) => UNSTABLE.has(label))];
}

function idOf({ name, is }: ToName, extra: readonly string[]): string {
  const parts = [...name, ...extra.flatMap((label) => is[label] ?? [])].map(slug);
  return [...new Set(parts)].join('.');
}

/** Lower case, and only what an address holds as it is. */
function slug(text: string): string {
  return (
    text
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '') || 'component'
  );
}
