import type { PluginJson } from '../plugin/pluginJson';
import { hasRole, type Role, type User } from './users';

/** Action → scopes, as `/api/access-control/user/permissions` answers. */
type Permissions = Record<string, string[]>;

const ANNOTATIONS = ['annotations:type:dashboard', 'annotations:*', 'annotations:type:organization'];
/** The built-in permissions that a plugin may look at, by the lowest role that has them. */
const builtIn: Record<Role, Permissions> = {
  Viewer: {
    'annotations:read': ['annotations:*'],
    'annotations:create': ['annotations:type:dashboard'],
    'annotations:write': ['annotations:type:dashboard'],
    'annotations:delete': ['annotations:type:dashboard'],
    'plugins.app:access': ['plugins:*'],
  },
  Editor: {
    'annotations:create': ANNOTATIONS,
    'annotations:write': ANNOTATIONS,
    'annotations:delete': ANNOTATIONS,
  },
  Admin: {
    'datasources:create': [''],
    'datasources:explore': [''],
    'datasources:query': ['datasources:*'],
    'datasources:read': ['datasources:*'],
    'datasources:write': ['datasources:*'],
    'plugins:install': [''],
    'plugins:write': ['plugins:*'],
  },
};

/** What a user may do: Grafana's built-in roles, and the roles of plugin.json, whose grants go to the roles above too. */
export function permissionsOf(user: User, plugin: PluginJson): Permissions {
  const all: Permissions = {};
  for (const [role, permissions] of Object.entries(builtIn)) {
    if (hasRole(user, role)) {
      Object.assign(all, permissions);
    }
  }
  for (const { role, grants } of plugin.roles ?? []) {
    if (grants.some((granted) => hasRole(user, granted))) {
      for (const { action, scope } of role.permissions) {
        all[action] = [...new Set([...(all[action] ?? []), scope ?? ''])];
      }
    }
  }
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function may(user: User, plugin: PluginJson, action: string): boolean {
  return action in permissionsOf(user, plugin);
}

/** Grafana's words for a missing permission. */
export function accessDenied(action: string) {
  return {
    accessErrorId: `ACE${String(Math.floor(Math.random() * 1e10)).padStart(10, '0')}`,
    message: `You'll need additional permissions to perform this action. Permissions needed: ${action}`,
    title: 'Access denied',
  };
}
