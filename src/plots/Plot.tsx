/**
 * The plot behind a piece of evidence. This is the only file that imports Scenes, and it is only imported lazily.
 */
import React, { useEffect, useMemo, useState } from 'react';
import { initPluginTranslations } from '@grafana/i18n';
import { loadResources } from '@grafana/scenes';
import { PLUGIN_ID } from '../constants';
import { plotScene, type PlotOf } from './plotScene';

let translated: Promise<unknown> | undefined;

export function Plot({ kind, uid, expr, title, unit, threshold, above, at }: PlotOf) {
  const [ready, setReady] = useState(false);
  useEffect(() => {
    // Scenes is bundled with the plugin, so its own texts have to be initialised by the plugin.
    translated ??= initPluginTranslations(PLUGIN_ID, [loadResources]);
    let here = true;
    const go = () => here && setReady(true);
    translated.then(go, go);
    return () => {
      here = false;
    };
  }, []);
  const scene = useMemo(
    () => plotScene({ kind, uid, expr, title, unit, threshold, above, at }),
    [kind, uid, expr, title, unit, threshold, above, at]
  );
  return ready ? <scene.Component model={scene} /> : null;
}
