/** `checks.database`, `items[0].name`, `checks["db.main"]`: one place in a JSON document. */
const STEP = /^(?:\.?([A-Za-z_$][\w$-]*)|\[(\d{1,6})\]|\["([^"\\]*)"\])/;

/** The steps of the path; undefined when it cannot be read. */
export function stepsOf(path: string): ReadonlyArray<string | number> | undefined {
  const steps: Array<string | number> = [];
  let rest = path;
  while (rest !== '') {
    const found = STEP.exec(rest);
    if (found === null || (steps.length === 0 && rest.startsWith('.'))) {
      return undefined;
    }
    const [whole, name, index, quoted] = found;
    steps.push(index === undefined ? (name ?? quoted ?? '') : Number(index));
    rest = rest.slice(whole.length);
  }
  return steps.length === 0 ? undefined : steps;
}

/** What is there; undefined when nothing is. */
export function valueAt(document: unknown, path: string): unknown {
  let at = document;
  for (const step of stepsOf(path) ?? []) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) {
      return undefined;
    }
    at = (at as Record<string | number, unknown>)[step];
  }
  return at;
}
