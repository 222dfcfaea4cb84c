import React, { useMemo } from 'react';
import { plotScene, type PlotOf } from './plotScene';

/** The plot behind a piece of evidence. Only imported lazily, because Scenes comes with it. */
export function Plot({ kind, uid, expr, title, unit, threshold, above, at }: PlotOf) {
  const scene = useMemo(
    () => plotScene({ kind, uid, expr, title, unit, threshold, above, at }),
    [kind, uid, expr, title, unit, threshold, above, at]
  );
  return <scene.Component model={scene} />;
}
