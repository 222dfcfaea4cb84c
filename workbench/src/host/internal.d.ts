/// <reference types="systemjs" />

declare module '@scenes-internal/*' {
  export function interpolate(
    scene: unknown,
    text: string,
    scopedVars?: import('@grafana/data').ScopedVars,
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- scenes' own signature
    format?: any
  ): string;
}

declare module '@ui-internal/*' {
  export function applyNullInsertThreshold(options: {
    frame: import('@grafana/data').DataFrame;
    refFieldPseudoMin?: number;
    refFieldPseudoMax?: number;
  }): import('@grafana/data').DataFrame;
}

declare module 'systemjs/dist/system.js';
declare module 'systemjs/dist/extras/amd.js';
