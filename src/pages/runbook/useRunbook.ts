import { useEffect, useMemo, useState } from 'react';
import { isEstate, type Component, type Pack, type Runbook } from '@live-runbooks/engine';
import { useLiveRunbooks } from '../../context/LiveRunbooks';
import { runbookAddress, type RunbookAddress } from '../../estate/runbookAddress';
import { useEstate } from '../../estate/useEstate';
import { findRunbook } from '../../packs/findRunbook';

export interface FoundRunbook {
  readonly pack: Pack;
  readonly runbook: Runbook;
  /** Set when it is of no pack. */
  readonly component?: Component;
}

/** It is there under another address. */
export interface Moved {
  readonly to: RunbookAddress;
}

/**
 * The runbook at `<pack>/<runbook>`, or at `<component>/<runbook>` when no pack that is evaluated by itself has that id: then it may take
 * until the components are known. What was found once stays, so that the page does not move when the estate is asked again.
 */
export function useRunbook(packId: string, runbookId: string): FoundRunbook | Moved | 'asking' | undefined {
  const { packs, discovery } = useLiveRunbooks();
  const flat = useMemo(() => packs.filter((pack) => !isEstate(pack)), [packs]);
  const ofPack = useMemo(() => findRunbook(flat, packId, runbookId), [flat, packId, runbookId]);
  const isPack = flat.some(({ id }) => id === packId);
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
  if (ofPack ?? ofComponent) {
    return ofPack ?? ofComponent;
  }
  const to = runbookAddress({ pack: packId, runbook: runbookId }, packs, discovery.declared, estate);
  if (to.pack !== packId || to.runbook !== runbookId) {
    return { to };
  }
  const isAsking = !isPack && discovery.kinds.size > 0 && !(known && asked);
  return isAsking ? 'asking' : undefined;
}
