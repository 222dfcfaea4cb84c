import React from 'react';
import type { AppPluginMeta, PluginConfigPageProps } from '@grafana/data';
import type { Settings } from '../../grafana/settings';
export type AppConfigProps = PluginConfigPageProps<AppPluginMeta<Settings>>;
export default function AppConfig(_: AppConfigProps) {
  return <div />;
}
