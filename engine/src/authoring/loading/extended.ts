/** A runbook that `extends` one of a kind: what it writes itself, over what that one says. */
import { notAmong, type Problem } from '../problem';
import { readYaml, type YamlSource } from '../source';
import { kindFolders, type PackFiles } from './packFiles';
import { join } from './paths';

type YamlMap = Readonly<Record<string, unknown>>;

/**
 * The source with the data of both, and the places of its own file. Maps are joined by name, and `null` takes a name out; lists have
 * what the runbook writes before what the kind does; everything else replaces. Tests of a cause that was taken out go with it.
 */
export function extended(source: YamlSource, files: PackFiles, problems: Problem[]): YamlSource {
  const { data, file } = source;
  const base = isMap(data) ? data['extends'] : undefined;
  if (!isMap(data) || typeof base !== 'string') {
    return source;
  }
  const [kind = '', runbook = ''] = base.split('/');
  const folder = kindFolders(files).get(kind);
  const text = folder === undefined ? undefined : files[join(folder, `${runbook}.yaml`)];
  if (folder === undefined || text === undefined || runbook === 'kind') {
    problems.push({
      ...{ file, ...source.at(['extends']), severity: 'error', rule: 'no-base' },
      message: notAmong('the runbook', base, runbooksOfKinds(files)),
    });
    return source;
  }
  const under = readYaml(join(folder, `${runbook}.yaml`), text).data;
  return isMap(under) ? { ...source, data: withoutOrphans(joined(under, data), takenOut(data)) } : source;
}

function runbooksOfKinds(files: PackFiles): string[] {
  return [...kindFolders(files)].flatMap(([kind, folder]) =>
    Object.keys(files).flatMap((file) => {
      const name = file.startsWith(`${folder}/`) ? file.slice(folder.length + 1).replace(/\.ya?ml$/, '') : '/';
      return name.includes('/') || name === 'kind' ? [] : [`${kind}/${name}`];
    })
  );
}

function joined(under: YamlMap, over: YamlMap): YamlMap {
  const all = Object.entries({ ...under, ...over }).map(([key, value]): [string, unknown] => {
    const below = under[key];
    if (!Object.hasOwn(over, key) || below === undefined) {
      return [key, value];
    }
    if (Array.isArray(below) && Array.isArray(value)) {
      return [key, [...(value as unknown[]), ...(below as unknown[])]];
    }
    return [key, isMap(below) && isMap(value) ? joined(below, value) : value];
  });
  return Object.fromEntries(all.filter(([key, value]) => value !== null || !Object.hasOwn(under, key)));
}

/**
 * Without what tests expect of a cause that is not there; a test in which it leads goes. What the author wrote is checked like any,
 * so only names that were taken out are left out.
 */
function withoutOrphans(runbook: YamlMap, taken: ReadonlySet<string>): YamlMap {
  const { tests } = runbook;
  const isTaken = (name: unknown) => typeof name === 'string' && taken.has(name);
  const left = (Array.isArray(tests) ? (tests as unknown[]) : []).flatMap((test): unknown[] => {
    const expect = isMap(test) ? test['expect'] : undefined;
    if (!isMap(test) || !isMap(expect)) {
      return [test];
    }
    const { refuted, ...rest } = expect;
    const others = [refuted ?? []].flat().filter((name) => !isTaken(name));
    return isTaken(expect['top'])
      ? []
      : [{ ...test, expect: others.length === 0 ? rest : { ...rest, refuted: others } }];
  });
  return tests === undefined ? runbook : { ...runbook, tests: left };
}

/** The causes of the kind's runbook that the author took out. */
function takenOut(over: YamlMap): ReadonlySet<string> {
  const { causes } = over;
  return new Set(
    Object.entries(isMap(causes) ? causes : {})
      .filter(([, cause]) => cause === null)
      .map(([id]) => id)
  );
}

function isMap(value: unknown): value is YamlMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
