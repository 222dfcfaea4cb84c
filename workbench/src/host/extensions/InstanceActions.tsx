import { locationService } from '@grafana/runtime';
import { Dropdown, IconButton, Menu } from '@grafana/ui';
import React, { useMemo } from 'react';
import type { ActiveRule, Instance } from '../pages/alerts';
import { useLinks } from './useLinks';

/** The ⋮ menu of one alert instance, with what the plugin adds to it. */
export function InstanceActions({ rule, instance }: { rule: ActiveRule; instance: Instance }) {
  const context = useMemo(() => ({ instance, rule: guarded(rule) }), [rule, instance]);
  const links = useLinks('grafana/alerting/instance/action', context);
  if (links.length === 0) {
    return null;
  }
  const menu = (
    <Menu>
      {links.map(({ title, description, icon, path, onClick }) => (
        <Menu.Item
          key={title}
          label={title}
          description={description}
          icon={icon}
          onClick={onClick ?? (() => path && locationService.push(path))}
        />
      ))}
    </Menu>
  );
  const labels = Object.values(instance.labels).join(', ');
  return (
    <Dropdown overlay={menu} placement="bottom-end">
      <IconButton name="ellipsis-v" tooltip={`Actions for ${rule.name} (${labels})`} />
    </Dropdown>
  );
}

/** Grafana hands out rules whose inner objects throw when they are read; only these facts can be. */
function guarded({ name, query, labels, annotations }: ActiveRule): object {
  const inner = new Proxy(
    {},
    {
      get: (_, key) => {
        throw new TypeError(`Cannot read ${String(key)} of a rule: take what instance and rule tell themselves`);
      },
    }
  );
  return { name, query, labels, annotations, promRule: inner, rulerRule: inner };
}
