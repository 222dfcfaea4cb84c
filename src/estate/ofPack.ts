import type { EstateState } from './Discovery';

/** The components that a pack declares, and what depends on what among them. */
export function ofPack(found: EstateState, pack: string): EstateState {
  const components = found.estate.components.filter(({ declaredBy = [] }) => declaredBy.some(({ id }) => id === pack));
  const ids = new Set(components.map(({ id }) => id));
  return {
    ...found,
    estate: {
      ...found.estate,
      components,
      arrows: found.estate.arrows.filter(({ from, to }) => ids.has(from) && ids.has(to)),
    },
    bounds: found.bounds.filter(({ pack: { id } }) => ids.has(id)),
  };
}
