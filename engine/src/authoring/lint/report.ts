import type { LoadedPack, Origin } from '../load';
import type { Problem } from '../problem';
import type { Path } from '../source';
import { ruleTexts } from './texts';

const KNOWN = new Set(ruleTexts.map(({ id }) => id));

/** Collects what the rules find, with the place in which it was written. */
export class Report {
  readonly problems: Problem[] = [];

  constructor(private readonly loaded: LoadedPack) {}

  error(origin: string, rule: string, message: string, path: Path = []): void {
    this.add('error', origin, rule, message, path);
  }

  warning(origin: string, rule: string, message: string, path: Path = []): void {
    this.add('warning', origin, rule, message, path);
  }

  private add(severity: Problem['severity'], name: string, rule: string, message: string, path: Path): void {
    if (!KNOWN.has(rule)) {
      throw new Error(`the rule ${rule} has no text for docs/lint.md`);
    }
    const origin = this.origin(name);
    const place = origin.source.at([...origin.path, ...path]);
    this.problems.push({ file: origin.source.file, ...place, severity, rule, message });
  }

  /** The origin of a name, else of the thing that holds it (`cause r/c says` → `cause r/c`), else the pack's. */
  private origin(name: string): Origin {
    const { origins } = this.loaded;
    const found = origins.get(name) ?? origins.get(name.split(' ').slice(0, 2).join(' ')) ?? origins.get('pack');
    if (found === undefined) {
      throw new Error(`the pack ${this.loaded.pack.id} has no origin`);
    }
    return found;
  }
}
