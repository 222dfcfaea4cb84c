import { useState } from 'react';

/**
 * Keeps a list in the order in which it was last shown while `held`, so that nothing moves under the pointer when answers
 * arrive. What is new comes last, what is gone leaves; once let go, the list takes its true order.
 */
export function useSteadyOrder<T>(items: readonly T[], keyOf: (item: T) => string, held: boolean): readonly T[] {
  const [shown, setShown] = useState<readonly string[]>([]);
  const ordered = held ? inOrderOf(items, keyOf, shown) : items;
  const keys = ordered.map(keyOf);
  if (keys.join('\n') !== shown.join('\n')) {
    setShown(keys);
  }
  return ordered;
}

export function inOrderOf<T>(items: readonly T[], keyOf: (item: T) => string, order: readonly string[]): readonly T[] {
  const place = new Map(order.map((key, i) => [key, i]));
  const at = (item: T) => place.get(keyOf(item)) ?? Number.MAX_SAFE_INTEGER;
  return [...items].sort((a, b) => at(a) - at(b));
}
