import type { Pack } from '@live-runbooks/engine';

const FORMAT = 1;

/** A compiled pack from what its JSON chunk holds. Throws when the format is not the one that this plugin was built for. */
export function readPack(id: string, chunk: unknown): Pack {
  const content = isRecord(chunk) && isRecord(chunk.default) ? chunk.default : chunk;
  if (
    !isRecord(content) ||
    content.format !== FORMAT ||
    !Array.isArray(content.runbooks) ||
    !isRecord(content.signals)
  ) {
    throw new Error(
      `Pack "${id}" was not compiled for this version of the plugin (format ${FORMAT}). Rebuild the plugin with its packs.`
    );
  }
  // The command line validated the rest against the schema when it compiled the pack.
  return content as unknown as Pack;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
