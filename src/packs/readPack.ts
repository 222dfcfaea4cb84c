import type { Pack } from '@live-runbooks/engine';

const FORMAT = 1;

/** A compiled pack from what its JSON chunk holds. Throws when the format is not the one that this plugin was built for. */
export function readPack(id: string, chunk: unknown): Pack {
  const content = isRecord(chunk) && isRecord(chunk.default) ? chunk.default : chunk;
  if (!isPack(content)) {
    throw new Error(
      `Pack "${id}" was not compiled for this version of the plugin (format ${FORMAT}). Rebuild the plugin with its packs.`
    );
  }
  return content;
}

/** Whether it is a pack of the format that this plugin was built for. Whoever compiled it validated the rest against the schema. */
export function isPack(content: unknown): content is Pack {
  return (
    isRecord(content) &&
    content.format === FORMAT &&
    typeof content.id === 'string' &&
    Array.isArray(content.runbooks) &&
    isRecord(content.signals)
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
