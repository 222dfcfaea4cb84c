import type { Pack } from '../../model/pack';
import type { LoadedPack } from './loadedPack';
import type { AuthoredPack } from '../schema';
import type { YamlSource } from '../source';
import { compileParam } from './compileParts';
import { compileRunbook } from './compileRunbook';
import type { Definitions, Origin } from './definitions';
import type { PackReader } from './packReader';
import { join } from './paths';
import { usedSignals } from './usedSignals';

/** What the main file of a pack and that of a kind have in common. */
type Authored = Pick<AuthoredPack, 'id' | 'title' | 'description' | 'params'>;

/**
 * Reads what stands in the folder beside the main file, and makes a pack of it. What the pack shares with others has to be read
 * before. A pack may have a signal of its own in place of one that it shares. `ofKind`: a kind may not, and has only signals that
 * its runbooks name. Undefined when there is a problem that leaves names open.
 */
export function assemble(
  defs: Definitions,
  reader: PackReader,
  authored: Authored,
  { dir, source, ofKind = false }: { readonly dir: string; readonly source: YamlSource; readonly ofKind?: boolean }
): Pick<LoadedPack, 'pack' | 'ownSignals'> | undefined {
  defs.origins.set('pack', { source, path: [] });
  for (const name of Object.keys(authored.params)) {
    defs.origins.set(`param ${name}`, { source, path: ['params', name] });
  }
  const ownSignals = reader.readSignals(join(dir, 'signals'), !ofKind);
  reader.readCauses(join(dir, 'causes'), authored.id);
  reader.readFixes(join(dir, 'fixes'));
  const authoredRunbooks = reader.readRunbooks(source.file);
  if (defs.problems.length > 0) {
    return undefined;
  }
  const runbooks = authoredRunbooks.map(({ value, origin }) => compileRunbook(defs, authored.id, value, origin));
  const seen = new Map<string, Origin>();
  for (const { value, origin } of authoredRunbooks) {
    if (seen.has(value.id)) {
      defs.fail(
        { source: origin.source, path: ['id'] },
        'duplicate',
        `the runbook \`${value.id}\` is already defined in ${seen.get(value.id)?.source.file}`
      );
    }
    seen.set(value.id, origin);
  }
  const pack: Pack = {
    id: authored.id,
    title: authored.title,
    description: authored.description,
    format: 1,
    params: Object.fromEntries(Object.entries(authored.params).map(([name, param]) => [name, compileParam(param)])),
    signals: usedSignals(defs, runbooks, ofKind ? [] : ownSignals),
    runbooks,
  };
  return { pack, ownSignals };
}

export function availableIn(defs: Definitions): LoadedPack['available'] {
  return { signals: [...defs.signals.keys()], causes: [...defs.causes.keys()] };
}
