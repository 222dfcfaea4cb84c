import type { ScopedVars, TypedVariableModel } from '@grafana/data';
import type { TemplateSrv } from '@grafana/runtime';
import { interpolate } from '@scenes-internal/core/sceneGraph/sceneGraph.js';

declare global {
  interface Window {
    /** Set by @grafana/scenes while a scene is shown. */
    __grafanaSceneContext?: unknown;
  }
}

/** Grafana's template service as a scenes app needs it: variables live in the scene that asks. */
export const templateSrv: TemplateSrv = {
  getVariables: (): TypedVariableModel[] => [],
  containsTemplate: (text) => /\$\w|\[\[|\$\{/.test(text ?? ''),
  updateTimeRange: () => {},
  replace: (text = '', scopedVars?: ScopedVars, format?: unknown) => {
    const scene: unknown = scopedVars?.['__sceneObject']?.value?.valueOf() ?? window.__grafanaSceneContext;
    return scene ? interpolate(scene, text, scopedVars, format) : text;
  },
};
