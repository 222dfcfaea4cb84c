import * as emotionCss from '@emotion/css';
import * as emotionReact from '@emotion/react';
import * as grafanaData from '@grafana/data';
import * as grafanaDataUnstable from '@grafana/data/unstable';
import * as grafanaRuntime from '@grafana/runtime';
import * as grafanaRuntimeUnstable from '@grafana/runtime/unstable';
import * as grafanaUi from '@grafana/ui';
import * as grafanaUiUnstable from '@grafana/ui/unstable';
import i18next from 'i18next';
import lodash from 'lodash';
import moment from 'moment';
import React from 'react';
import ReactDOM from 'react-dom';
import * as routerV5 from 'react-router-dom';
import * as routerV6 from 'react-router-dom-v5-compat';
import * as rxjs from 'rxjs';
import * as rxjsOperators from 'rxjs/operators';

/**
 * What Grafana 12.2 offers to plugins (its `sharedDependencies.ts`), as far as a workbench can have it.
 * `react/jsx-runtime`, `react/jsx-dev-runtime` and `react-dom/client` are offered from 12.3 on and are left out.
 *
 * @param runtime replaces exports of `@grafana/runtime` whose setters are not in the npm package
 */
export function sharedModules(runtime: Partial<typeof grafanaRuntime>): Record<string, object> {
  return {
    '@emotion/css': live(emotionCss),
    '@emotion/react': live(emotionReact),
    '@grafana/data': live(grafanaData),
    '@grafana/data/unstable': live(grafanaDataUnstable),
    '@grafana/runtime': live(grafanaRuntime, runtime),
    '@grafana/runtime/unstable': live(grafanaRuntimeUnstable),
    '@grafana/ui': live(grafanaUi),
    '@grafana/ui/unstable': live(grafanaUiUnstable),
    emotion: live(emotionCss),
    i18next: commonJs(i18next),
    lodash: commonJs(lodash),
    moment: commonJs(moment),
    react: commonJs(React),
    'react-dom': commonJs(ReactDOM),
    // Grafana gives plugins router v6 under the name react-router; v5 lives on as react-router-dom
    'react-router': live(routerV6),
    'react-router-dom': live(routerV5),
    rxjs: live(rxjs),
    'rxjs/operators': live(rxjsOperators),
  };
}

/** Offered by Grafana 12.2 and not by the workbench: heavy or old, and no part of this project needs them. */
export const OFFERED_ONLY_BY_GRAFANA: readonly string[] = [
  '@grafana/slate-react',
  '@kusto/monaco-kusto',
  'd3',
  'jquery',
  'prismjs',
  'react-inlinesvg',
  'react-redux',
  'redux',
  'slate',
  'slate-plain-serializer',
  'slate-react',
];

const commonJs = (module: unknown): object => ({ default: module, __useDefault: true });

/** A live view of an ES namespace: `System.set` copies a plain object, which would freeze `export let PluginPage`. */
function live(namespace: object, replaced: object = {}): object {
  const view: object = Object.create(null, {
    ...Object.getOwnPropertyDescriptors(namespace),
    ...Object.getOwnPropertyDescriptors(replaced),
  });
  return Object.defineProperty(view, Symbol.toStringTag, { value: 'Module' });
}
