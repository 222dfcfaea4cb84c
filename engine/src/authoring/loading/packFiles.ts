/** The files of packs and kinds, by their paths. */

export type PackFiles = Readonly<Record<string, string>>;

/** The folder beside the packs that holds the kinds. */
export const KINDS = 'kinds';

/** Every folder of a kind, by its name, in order; one without a `kind.yaml` holds what others share. */
export function kindFolders(files: PackFiles): ReadonlyMap<string, string> {
  const found = Object.keys(files).flatMap((file) => {
    const [, folder, name] = new RegExp(`^((?:.*/)?${KINDS}/([^/]+))/`).exec(file) ?? [];
    return folder === undefined || name === undefined ? [] : [[name, folder] as const];
  });
  return new Map(found.sort(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
