/** The packs that are evaluated: those of the plugin, and beside them those that the diagnostics service has. */
import type { EstateSettings, Kinds, Pack, Unread } from '@live-runbooks/engine';
import type { Failure, PackProblem, ServedPack, ServedPacks } from '@live-runbooks/sources';
import { failureOf } from './failureOf';
import { isPack } from './readPack';

export type PackOrigin =
  | { readonly kind: 'built-in' }
  | {
      readonly kind: 'service';
      readonly folder: string;
      /** The file of each runbook, by its id. */
      readonly files: Readonly<Record<string, string>>;
      /** Its files are broken now, and this is the last good version. */
      readonly stale: boolean;
    };

export interface KnownPack {
  readonly pack: Pack;
  readonly origin: PackOrigin;
}

export interface PackLibrary {
  /** The built-in ones first. */
  readonly known: readonly KnownPack[];
  /** What is wrong in the files of the service's packs; none of it concerns another pack. */
  readonly problems: readonly PackProblem[];
  /** Why the service's packs are not known, or not as they are now. */
  readonly unasked?: Unread;
  /** Packs that are not evaluated, or of which nobody knows: nothing is called fine meanwhile. */
  readonly unread: readonly Unread[];
}

/** What is known of the service's packs. A failure does not take away what an earlier answer told. */
export interface FromService {
  readonly served?: ServedPacks;
  readonly failure?: Failure;
}

const BUILT_IN: PackOrigin = { kind: 'built-in' };

const NO_ANSWER: Failure = {
  reason: 'query-error',
  detail: 'there is no answer yet',
  mend: 'Wait for it, or look at the diagnostics service.',
};

/** @param kinds those of the plugin, by id: on them rest the packs that declare components */
export function libraryOf(builtIn: readonly Pack[], { served, failure }: FromService, kinds: Kinds): PackLibrary {
  const taken = new Set(builtIn.map(({ id }) => id));
  const read = (served?.packs ?? []).map((one) => readServed(one, taken, kinds));
  const known = read.flatMap((one) => ('pack' in one ? [one] : []));
  const refused = read.flatMap((one) => ('pack' in one ? [] : [one]));
  const problems = [...refused, ...(served?.problems ?? [])];
  const unanswered = failure ?? (served === undefined ? NO_ANSWER : undefined);
  const unasked = unanswered && { what: 'the packs of the diagnostics service', ...unanswered };
  return {
    known: [...builtIn.map((pack) => ({ pack, origin: BUILT_IN })), ...known],
    problems,
    ...(unasked === undefined ? {} : { unasked }),
    unread: [...(unasked === undefined ? [] : [unasked]), ...unreadOf(problems, known)],
  };
}

/** A pack that can be evaluated, or why not. Nothing that is built in is replaced. */
function readServed(served: ServedPack, taken: ReadonlySet<string>, kinds: Kinds): KnownPack | PackProblem {
  const { folder, files, stale, pack } = served;
  const fail = (message: string): PackProblem => ({ file: packFile(folder), line: 1, severity: 'error', message });
  if (!isPack(pack)) {
    return fail(
      'the pack was compiled for another version of the plugin: run the diagnostics service of the same version as the plugin'
    );
  }
  if (taken.has(pack.id)) {
    return fail(`the id \`${pack.id}\` is that of a built-in pack, which stays as it is: give this one another id`);
  }
  const wrong = failureOf(pack, kinds);
  return wrong === undefined
    ? { pack, origin: { kind: 'service', folder, files, stale } }
    : fail(`the pack cannot be evaluated (${wrong}): run the diagnostics service of the same version as the plugin`);
}

/** Files with errors that belong to no pack that is evaluated, the last good version of one included. */
function unreadOf(problems: readonly PackProblem[], known: readonly KnownPack[]): Unread[] {
  const folders = known.flatMap(({ origin }) => (origin.kind === 'service' ? [origin.folder] : []));
  const isEvaluated = ({ file }: PackProblem) =>
    folders.some((folder) => (folder === '' ? !file.includes('/') : file.startsWith(`${folder}/`)));
  const [first, ...more] = problems.filter((one) => one.severity === 'error' && !isEvaluated(one));
  return first === undefined
    ? []
    : [
        {
          what: 'a pack of the diagnostics service',
          reason: 'not-configured',
          detail: `${placeOf(first)}: ${first.message}${more.length > 0 ? `; and ${more.length} more` : ''}`,
          mend: 'The list of runbooks shows what to mend.',
        },
      ];
}

/** Where a pack comes from, by its id. What is no pack, a component, has the runbooks of its kinds: they are built in. */
export function originOf({ known }: PackLibrary, id: string): PackOrigin {
  return known.find(({ pack }) => pack.id === id)?.origin ?? BUILT_IN;
}

/** Whether somebody switched the pack off. While what people said is not known, every pack is evaluated. */
export function isOff(pack: string, estate: EstateSettings | undefined): boolean {
  return estate?.packs?.[pack]?.off === true;
}

/** The packs that are evaluated. */
export function packsOn({ known }: PackLibrary, estate: EstateSettings | undefined): Pack[] {
  return known.flatMap(({ pack }) => (isOff(pack.id, estate) ? [] : [pack]));
}

export function placeOf({ file, line }: PackProblem): string {
  return `${file}, line ${line}`;
}

/** The file of a pack's id, relative to the directory of the service's packs; undefined for one that is built in. */
export function packFileOf(library: PackLibrary, id: string): string | undefined {
  const origin = originOf(library, id);
  return origin.kind === 'service' ? packFile(origin.folder) : undefined;
}

const packFile = (folder: string): string => (folder === '' ? 'pack.yaml' : `${folder}/pack.yaml`);

/** Where a runbook comes from, in words. */
export function originWords(origin: PackOrigin, runbook?: string): string {
  if (origin.kind === 'built-in') {
    return 'built in';
  }
  const place = (runbook === undefined ? undefined : origin.files[runbook]) ?? packFile(origin.folder);
  return `from the service: ${place}${origin.stale ? ' (last good version)' : ''}`;
}
