import { useEffect, useMemo, useState } from 'react';
import type { Component, Pack, Runbook } from '@live-runbooks/engine';
import { useLiveRunbooks } from '../../context/LiveRunbooks';
import { useEstate } from '../../estate/useEstate';
import { findRunbook } from '../../packs/findRunbook';

export interface FoundRunbook {
  readonly pack: Pack;
  readonly runbook: Runbook;
  /** Set when it is of no pack. */
  readonly component?: Component;
}

/**
 * The runbook at `<pack>/<runbook>`, or at `<component>/<runbook>` when no pack has that id: then it may take until the components
 * are known. What was found once stays, so that the page does not move when the estate is asked again.
 */
export function useRunbook(packId: string, runbookId: string): FoundRunbook | 'asking' | undefined {
  const { packs, discovery } = useLiveRunbooks();
  const ofPack = useMemo(() => findRunbook(packs, packId, runbookId), [packs, packId, runbookId]);
  const isPack = packs.some(({ id }) => id === packId);
  const { known, estate, bounds } = useEstate(discovery, !isPack);
  const [asked, setAsked] = useState(false);
  useEffect(() => {
    if (isPack || discovery.kinds.size === 0) {
      return undefined;
    }
    const controller = new AbortController();
    void discovery.askTargets(controller.signal).then(() => controller.signal.aborted || setAsked(true));
    return () => controller.abort();
  }, [discovery, isPack]);
  const ofComponent = useMemo(() => {
    const found = findRunbook(
      bounds.map(({ pack }) => pack),
      packId,
      runbookId
    );
    const component = estate.components.find(({ id }) => id === packId);
    return found && component ? { ...found, component } : undefined;
  }, [bounds, estate, packId, runbookId]);
  const isAsking = !isPack && discovery.kinds.size > 0 && !(known && asked);
  return ofPack ?? ofComponent ?? (isAsking ? 'asking' : undefined);
}
