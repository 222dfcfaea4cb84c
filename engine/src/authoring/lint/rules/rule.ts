import type { LoadedPack } from '../../load';
import type { Path } from '../../source';
import type { QueryNode } from '../queries/tree';
import type { RuleText } from '../text';
import type { LintTools } from '../tools';

/** What a rule about a pack is given: the pack, and the tools, without which it says nothing. */
export interface Linted extends LintTools {
  readonly loaded: LoadedPack;
  /** All packs that are linted together, this one among them. */
  readonly all: readonly LoadedPack[];
  /** The PromQL of signals as trees, by id; without a parser there are none. */
  readonly trees: ReadonlyMap<string, QueryNode>;
}

/** Tells what is wrong, why, and how it is mended. The place is that of a name of `Origins`, or `path` below it. */
export type Tell = (origin: string, message: string, path?: Path) => void;

/** A rule is one file, with the texts of its paragraph in docs/lint.md. */
export interface PackRule extends RuleText {
  readonly check: (linted: Linted, tell: Tell) => void;
}
