import { useEffect, useState } from 'react';

/** A page waits this long for what it can do without, so that everything is asked together; then it goes on. Milliseconds. */
const GRACE_MS = 2_000;

/** Whether the grace is over since `awaited`, which is something, is what it is. */
export function useIsLate(awaited: unknown): boolean {
  const [late, setLate] = useState<unknown>();
  useEffect(() => {
    const timer = setTimeout(() => setLate(awaited), GRACE_MS);
    return () => clearTimeout(timer);
  }, [awaited]);
  return late === awaited;
}
