/** The packs that the diagnostics service loads from its directory, compiled, and what is wrong with their files. */
import type { Answer } from './ask';
import { isUnknownRoute, refusedByService } from './diagnostics';
import type { Failure } from './failure';
import { isObject, textMap, textOf } from './json';
import type { Asking } from './refusal';

export interface ServedPack {
  /** Relative to the service's directory; `` for the directory itself. */
  readonly folder: string;
  /** The file of each runbook, by its id; empty where the service is too old to tell it. */
  readonly files: Readonly<Record<string, string>>;
  /** The files are broken now, and this is the last good version. */
  readonly stale: boolean;
  /** As the service compiled it: whoever evaluates it has to see whether it can. */
  readonly pack: unknown;
}

/** What is wrong in a file of a pack, and where. */
export interface PackProblem {
  readonly file: string;
  /** One-based. */
  readonly line: number;
  readonly severity: 'error' | 'warning';
  /** What is wrong, and what would be right. */
  readonly message: string;
}

export interface ServedPacks {
  readonly packs: readonly ServedPack[];
  readonly problems: readonly PackProblem[];
}

export const NO_PACKS: ServedPacks = { packs: [], problems: [] };

/** Pure. A service that knows no packs has none. */
export function readPacks(asking: Asking, answer: Answer): ServedPacks | Failure {
  if (isUnknownRoute(answer)) {
    return NO_PACKS;
  }
  const { packs, problems } = isObject(answer.body) ? answer.body : ({} as Record<string, unknown>);
  if (answer.status !== 200 || !Array.isArray(packs) || !Array.isArray(problems)) {
    return refusedByService(asking, answer, 'packs');
  }
  return { packs: packs.map(servedPack), problems: problems.map(packProblem) };
}

function servedPack(json: unknown): ServedPack {
  const { folder, files, stale, pack } = isObject(json) ? json : ({} as Record<string, unknown>);
  return { folder: textOf(folder) ?? '', files: textMap(files) ?? {}, stale: stale === true, pack };
}

/** What cannot be read of a problem is still a problem. */
function packProblem(json: unknown): PackProblem {
  const { file, line, severity, message } = isObject(json) ? json : ({} as Record<string, unknown>);
  return {
    file: textOf(file) ?? 'a file',
    line: typeof line === 'number' ? line : 1,
    severity: severity === 'warning' ? 'warning' : 'error',
    message: textOf(message) ?? 'the service did not say what is wrong',
  };
}
