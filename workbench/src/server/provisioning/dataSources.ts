import { provisioningFiles } from './files';

export interface DataSource {
  id: number;
  uid: string;
  name: string;
  type: string;
  url: string;
  isDefault: boolean;
  jsonData: Record<string, unknown>;
}

/** The kinds of data sources that the workbench can ask. */
const KNOWN = new Set(['prometheus', 'loki']);

/**
 * Reads `datasources/*.yaml`. One whose address is empty (its environment variable is not set) is not configured and is
 * left out, and so is a kind that the workbench has no backend for.
 */
export function readDataSources(provisioning: string, environment: NodeJS.ProcessEnv): DataSource[] {
  const entries = provisioningFiles(provisioning, 'datasources', environment).flatMap(
    (document) => (document as { datasources?: Array<Partial<DataSource>> } | null)?.datasources ?? []
  );
  return entries
    .filter((entry) => KNOWN.has(entry.type ?? '') && Boolean(entry.url))
    .map(({ uid, name, type = '', url = '', isDefault, jsonData }, i) => ({
      id: i + 1,
      uid: uid ?? name ?? type,
      name: name ?? uid ?? type,
      type,
      url: url.replace(/\/+$/, ''),
      isDefault: isDefault ?? false,
      jsonData: jsonData ?? {},
    }));
}
