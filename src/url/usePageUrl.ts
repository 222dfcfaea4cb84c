import { useCallback, useEffect, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import { useUnchanged } from '../components/useUnchanged';
import { useLiveRunbooks } from '../context/LiveRunbooks';
import { bringsRange, changePageUrl, readPageUrl, type PageUrl } from './pageUrl';

/**
 * The page's state, and a way to change it. Changes go into the history, so that Back undoes them. The time range of a
 * dashboard's link becomes the moment that it names (`at`), so that a reload and a copied link show the same moment. Parameters and watch keep their
 * identity while another part of the URL changes: a page does not ask anew because a command was copied.
 */
export function usePageUrl(): readonly [PageUrl, (change: Partial<PageUrl>) => void] {
  const { clock } = useLiveRunbooks();
  const [search, setSearch] = useSearchParams();
  const text = search.toString();
  const read = useMemo(() => readPageUrl(new URLSearchParams(text), clock()), [text, clock]);
  const params = useUnchanged(read.params);
  const watch = useUnchanged(read.watch);
  const state = useMemo(() => ({ ...read, params, watch }), [read, params, watch]);
  const change = useCallback(
    (next: Partial<PageUrl>) => setSearch((current) => changePageUrl(current, next)),
    [setSearch]
  );
  const pinned = bringsRange(search) && state.unreadableTime === undefined;
  useEffect(() => {
    if (pinned) {
      setSearch((current) => changePageUrl(current, { at: state.at }), { replace: true });
    }
  }, [pinned, state.at, setSearch]);
  return [state, change];
}
