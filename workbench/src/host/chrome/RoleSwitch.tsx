import { config } from '@grafana/runtime';
import { Button, Dropdown, Menu } from '@grafana/ui';
import React from 'react';
import { reloadWith } from './reloadWith';

const ROLES = ['Viewer', 'Editor', 'Admin'];

/** Opens the page again as another user; the server enforces the role. */
export function RoleSwitch() {
  const { orgRole } = config.bootData.user;
  const menu = (
    <Menu>
      {ROLES.map((role) => (
        <Menu.Item
          key={role}
          label={role}
          active={role === orgRole}
          onClick={() => reloadWith('as', role.toLowerCase())}
        />
      ))}
    </Menu>
  );
  return (
    <Dropdown overlay={menu} placement="bottom-end">
      <Button size="sm" variant="secondary" fill="text" icon="user" aria-label={`Role: ${orgRole}`}>
        {orgRole}
      </Button>
    </Dropdown>
  );
}
