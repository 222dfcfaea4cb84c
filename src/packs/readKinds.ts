import type { Kind } from '@live-runbooks/engine';
import { readPack } from './readPack';

/** The kinds of components from what their JSON chunk holds. Throws when their format is not the one that this plugin was built for. */
export function readKinds(chunk: unknown): readonly Kind[] {
  const list = typeof chunk === 'object' && chunk !== null && 'default' in chunk ? chunk.default : chunk;
  if (!Array.isArray(list)) {
    throw new Error(
      'The kinds were not compiled for this version of the plugin. Rebuild the plugin with its runbooks.'
    );
  }
  // The command line validated the rest against the schema when it compiled the kinds.
  return (list as Kind[]).map((kind) => ({ ...kind, pack: readPack(kind.id, kind.pack) }));
}
