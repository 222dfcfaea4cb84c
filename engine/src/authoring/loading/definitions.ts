import { notAmong, type Problem } from '../problem';
import type { AuthoredCause, AuthoredFix, AuthoredSignal } from '../schema';
import type { Path, YamlSource } from '../source';
import type { LoadingRule } from './texts';

/** Where a part of a compiled pack was written. */
export interface Origin {
  readonly source: YamlSource;
  readonly path: Path;
}

/**
 * Origins by name: `pack`, `param <id>`, `signal <id>`, `runbook <id>`, `cause <runbook>/<id>`,
 * `cause <runbook>/<id> <field>`, `cause <runbook>/<id> evidence <index>`, `fix <runbook>/<id>`, `test <runbook>/<index>`, `prevention <runbook>/<index>`.
 */
export type Origins = ReadonlyMap<string, Origin>;

/** What an author wrote, and where. */
export interface Entry<T> {
  readonly value: T;
  readonly origin: Origin;
}

/** What the files of a pack define, by name, and the problems that were found in them. */
export class Definitions {
  readonly origins = new Map<string, Origin>();
  readonly signals = new Map<string, Entry<AuthoredSignal>>();
  readonly causes = new Map<string, Entry<AuthoredCause>>();
  readonly sharedFixes = new Map<string, Entry<AuthoredFix>>();

  constructor(readonly problems: Problem[]) {}

  /** Adds a problem at the place of `origin`. */
  fail(origin: Origin, rule: LoadingRule, message: string): void {
    this.problems.push({
      file: origin.source.file,
      ...origin.source.at(origin.path),
      severity: 'error',
      rule,
      message,
    });
  }

  /** A problem at `at` unless the signal `id` is defined. */
  needSignal(id: string, at: Origin): void {
    if (!this.signals.has(id)) {
      this.fail(at, 'unknown-signal', notAmong('the signal', id, [...this.signals.keys()]));
    }
  }

  /**
   * Defines what a file holds; a name that is taken already is a problem, unless it `replaces` what the file of the earlier one
   * defines. Answers the ids.
   */
  collect<T>(
    source: YamlSource,
    values: Readonly<Record<string, T>> | undefined,
    into: Map<string, Entry<T>>,
    kind: string,
    name: (id: string) => string,
    replaces: (file: string) => boolean = () => false
  ): string[] {
    for (const [id, value] of Object.entries(values ?? {})) {
      const origin = { source, path: [id] };
      const earlier = into.get(name(id));
      if (earlier && !replaces(earlier.origin.source.file)) {
        const { line } = earlier.origin.source.atKey(earlier.origin.path);
        this.fail(
          origin,
          'duplicate',
          `the ${kind} \`${id}\` is already defined at ${earlier.origin.source.file}:${line}`
        );
        continue;
      }
      into.set(name(id), { value, origin });
      if (kind === 'signal') {
        this.origins.set(`signal ${id}`, origin);
      }
    }
    return Object.keys(values ?? {});
  }
}
