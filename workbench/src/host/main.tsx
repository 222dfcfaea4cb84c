import React from 'react';
import { createRoot } from 'react-dom/client';
import { Workbench } from './Workbench';
import { bootRuntime } from './boot';
import { PluginPage } from './chrome/PluginPage';
import { NoData } from './panels/NoData';
import { loadAppPlugin } from './plugin/loader';
import { fetchPluginMeta, workbenchPage } from './workbenchPage';

const root = document.getElementById('reactRoot') as HTMLElement;

async function start(): Promise<void> {
  const [meta] = await Promise.all([fetchPluginMeta(), bootRuntime()]);
  const plugin = await loadAppPlugin(`/public/plugins/${workbenchPage.pluginId}/module.js`, {
    PluginPage,
    PanelDataErrorView: NoData,
    PanelRenderer: () => <div>The workbench has no PanelRenderer: use a scene.</div>,
  });
  plugin.meta = meta as never;
  await plugin.init?.(meta);
  createRoot(root).render(<Workbench plugin={plugin} meta={meta} />);
}

start().catch((error: unknown) => {
  console.error(error);
  const message = document.createElement('pre');
  message.id = 'workbench-error';
  message.textContent = `The plugin could not be loaded.\n\n${error instanceof Error ? error.message : String(error)}`;
  root.replaceChildren(message);
});
