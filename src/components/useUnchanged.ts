import { useMemo } from 'react';

/** The value as it was before, while it says the same as JSON: what depends on it does not begin anew. */
export function useUnchanged<T>(value: T): T {
  const text = JSON.stringify(value);
  // eslint-disable-next-line react-hooks/exhaustive-deps -- values with one text are equal, and the value is new each time
  return useMemo(() => value, [text]);
}
