import { useMemo } from 'react';
import type { BoundPack, Component, Estate } from '@live-runbooks/engine';
import type { Discovery } from './Discovery';
import { useEstate } from './useEstate';

/** What a component depends on. */
export interface Neighbours {
  /** The component, those that it depends on, and the arrows between. */
  readonly estate: Estate;
  /** Those of them that can be asked. */
  readonly bounds: readonly BoundPack[];
}

/** The same as long as a component depends on the same, whatever else is found meanwhile. Undefined for what is of a pack. */
export function useNeighbours(discovery: Discovery, component: Component | undefined): Neighbours | undefined {
  const { estate, bounds } = useEstate(discovery, false);
  const needed = estate.arrows.filter(({ from }) => from === component?.id).map(({ to }) => to);
  const known = JSON.stringify(needed.map((id) => [id, bounds.some(({ pack }) => pack.id === id)]));
  return useMemo(() => {
    if (component === undefined) {
      return undefined;
    }
    const now = discovery.state.value;
    const ids = (JSON.parse(known) as Array<[string, boolean]>).map(([id]) => id);
    return {
      estate: {
        components: now.estate.components.filter(({ id }) => id === component.id || ids.includes(id)),
        arrows: now.estate.arrows.filter(({ from }) => from === component.id),
      },
      bounds: now.bounds.filter(({ pack }) => pack.id !== component.id && ids.includes(pack.id)),
    };
  }, [discovery, component, known]);
}
