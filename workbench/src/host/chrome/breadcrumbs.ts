import type { NavModelItem } from '@grafana/data';
import { useEffect, useSyncExternalStore } from 'react';

let current: NavModelItem[] = [];
const listeners = new Set<() => void>();

/** The trail of the page that is shown; the page sets it, the top bar shows it. */
export function useBreadcrumbs(): NavModelItem[] {
  return useSyncExternalStore(subscribe, () => current);
}

/** Shows this trail, and names the browser's tab after it. */
export function useShowBreadcrumbs(crumbs: NavModelItem[]): void {
  const key = crumbs.map((crumb) => `${crumb.text}\0${crumb.url ?? ''}`).join('\0\0');
  useEffect(() => {
    current = crumbs;
    document.title = [...crumbs.slice(1).map((crumb) => crumb.text)].reverse().concat('Workbench').join(' - ');
    listeners.forEach((listener) => listener());
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the key holds all of the trail
  }, [key]);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
