import { act, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useIsLate } from './useIsLate';

describe('what a page waits for', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is late after two seconds, and something else that it waits for then is not', () => {
    const { result, rerender } = renderHook(({ awaited }) => useIsLate(awaited), {
      initialProps: { awaited: 'packs' },
    });
    expect(result.current).toBe(false);
    act(() => void vi.advanceTimersByTime(2_000));
    expect(result.current).toBe(true);
    rerender({ awaited: 'components' });
    expect(result.current).toBe(false);
    act(() => void vi.advanceTimersByTime(2_000));
    expect(result.current).toBe(true);
  });
});
