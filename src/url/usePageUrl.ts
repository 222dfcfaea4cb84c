import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import { changePageUrl, readPageUrl, type PageUrl } from './pageUrl';

/** The page's state, and a way to change it. Changes go into the history, so that Back undoes them. */
export function usePageUrl(): readonly [PageUrl, (change: Partial<PageUrl>) => void] {
  const [search, setSearch] = useSearchParams();
  const text = search.toString();
  const state = useMemo(() => readPageUrl(new URLSearchParams(text)), [text]);
  const change = useCallback(
    (next: Partial<PageUrl>) => setSearch((current) => changePageUrl(current, next)),
    [setSearch]
  );
  return [state, change];
}
