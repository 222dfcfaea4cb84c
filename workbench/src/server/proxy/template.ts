import type { PluginSettings } from '../plugin/settings';

/** Fills `{{ .JsonData.x }}` and `{{ .SecureJsonData.x }}`; a missing value reads as Go's templates write it. */
export function fillTemplate(text: string, { jsonData, secureJsonData }: PluginSettings): string {
  return text.replace(/\{\{-?\s*\.(JsonData|SecureJsonData)\.(\w+)\s*-?\}\}/g, (_, where: string, key: string) => {
    if (where === 'SecureJsonData') {
      return secureJsonData[key] ?? '';
    }
    const value = jsonData[key];
    return value === undefined || value === null ? '<no value>' : String(value);
  });
}
