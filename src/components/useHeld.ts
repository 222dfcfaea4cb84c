import { useMemo, useState, type FocusEvent } from 'react';

/** Whether the pointer or the keyboard focus is inside an element; spread `hold` on it. */
export function useHeld() {
  const [pointer, setPointer] = useState(false);
  const [focus, setFocus] = useState(false);
  const hold = useMemo(
    () => ({
      onPointerEnter: () => setPointer(true),
      onPointerLeave: () => setPointer(false),
      onFocus: () => setFocus(true),
      onBlur: (event: FocusEvent<HTMLElement>) => setFocus(event.currentTarget.contains(event.relatedTarget)),
    }),
    []
  );
  return { held: pointer || focus, hold };
}
