/** The settings of the estate as `estate.yaml`: the same names and values, in the order of the ids. */
import type { EstateSettings } from '@live-runbooks/engine';

/** YAML in which every text is quoted as JSON, which YAML reads as it is. */
export function estateText(settings: EstateSettings): string {
  return lines(settings, 0).join('\n') + '\n';
}

function lines(value: object, depth: number): string[] {
  const indent = '  '.repeat(depth);
  return Object.entries(value).flatMap(([key, inner]): string[] => {
    const name = /^[A-Za-z][\w.-]*$/.test(key) ? key : JSON.stringify(key);
    return isMap(inner) && Object.keys(inner).length > 0
      ? [`${indent}${name}:`, ...lines(inner, depth + 1)]
      : [`${indent}${name}: ${JSON.stringify(inner)}`];
  });
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
