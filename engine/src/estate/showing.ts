import { compiled } from '../compiled/compiled';
import type { CompiledSignal } from '../compiled/model';
import type { Pack } from '../model/pack';

/** The signals that show that something changed at a component, and say what. */
export function changing(pack: Pack, component?: string): CompiledSignal[] {
  return [...compiled(pack).signals.values()].filter(
    ({ signal }) => signal.change?.says !== undefined && (component === undefined || signal.at === component)
  );
}

/** The signals that show trouble of a component: of those that its pack declares, or of the one that the pack is. */
export function showing(pack: Pack, component?: string): readonly CompiledSignal[] {
  const all = compiled(pack).showing;
  return component === undefined ? all : all.filter(({ signal }) => signal.at === component);
}
