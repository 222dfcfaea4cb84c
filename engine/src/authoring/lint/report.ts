import type { LoadedPack, Origin } from '../load';
import type { Problem } from '../problem';
import type { Linted, PackRule } from './rules/rule';

/** What a rule finds in a pack, each with the place in which it was written. */
export function problemsOf({ id, severity = 'error', check }: PackRule, linted: Linted): Problem[] {
  const problems: Problem[] = [];
  check(linted, (name, message, path = []) => {
    const { source, path: start } = originOf(name, linted.loaded);
    problems.push({ file: source.file, ...source.at([...start, ...path]), severity, rule: id, message });
  });
  return problems;
}

/** The origin of a name, else of the thing that holds it (`cause r/c says` → `cause r/c`), else the pack's. */
function originOf(name: string, { origins, pack }: LoadedPack): Origin {
  const found = origins.get(name) ?? origins.get(name.split(' ').slice(0, 2).join(' ')) ?? origins.get('pack');
  if (found === undefined) {
    throw new Error(`the pack ${pack.id} has no origin`);
  }
  return found;
}
