import type { NavModelItem } from '@grafana/data';
import { useEffect, useSyncExternalStore } from 'react';

let current: NavModelItem[] = [];
const listeners = new Set<() => void>();

/** The trail of the page that is shown; the page sets it, the top bar shows it. */
export function useBreadcrumbs(): NavModelItem[] {
  return useSyncExternalStore(subscribe, () => current);
}

/** Shows this trail, and names the browser's tab. */
export function useShowBreadcrumbs(crumbs: NavModelItem[], title = partsOf(crumbs)): void {
  const key = crumbs.map((crumb) => `${crumb.text}\0${crumb.url ?? ''}`).join('\0\0') + title.join('\0');
  useEffect(() => {
    current = crumbs;
    document.title = [...title, 'Workbench'].join(' - ');
    listeners.forEach((listener) => listener());
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the key holds all of the trail and the title
  }, [key]);
}

const partsOf = (crumbs: NavModelItem[]) =>
  crumbs
    .slice(1)
    .map((crumb) => crumb.text)
    .reverse();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
