import type { CheckCatalogue } from '../../catalogue';
import type { LoadedPack } from '../../load';
import type { Path } from '../../source';
import type { QueryNode } from '../queries/tree';
import type { RuleText } from '../text';

/** What a rule about a pack is given. */
export interface Linted {
  readonly loaded: LoadedPack;
  /** All packs that are linted together, this one among them. */
  readonly all: readonly LoadedPack[];
  /** What the diagnostics service can be asked; undefined: not known here, and nothing is said about it. */
  readonly checks: CheckCatalogue | undefined;
  /** What a shell says of the syntax of a command; undefined: sound, and without a shell nothing is said. */
  readonly parseShell: ((command: string) => string | undefined) | undefined;
  /** The PromQL of signals as trees, by id; without a parser there are none. */
  readonly trees: ReadonlyMap<string, QueryNode>;
}

/** A rule is one file, with the texts of its paragraph in docs/lint.md. It tells what is wrong and how that is mended. */
export interface PackRule extends RuleText {
  readonly check: (linted: Linted, tell: (origin: string, message: string, path?: Path) => void) => void;
}
