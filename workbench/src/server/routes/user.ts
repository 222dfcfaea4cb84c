import { sendJson, type Route } from '../http/exchange';
import { signingKeys } from '../proxy/identity';
import { permissionsOf } from '../users/permissions';

const startedAt = new Date().toISOString().replace(/\.\d+/, '');

export const userRoute: Route = {
  method: 'GET',
  path: '/api/user',
  handle: ({ response, user }) =>
    user &&
    sendJson(response, 200, {
      id: user.id,
      uid: user.uid,
      email: user.email,
      name: user.name,
      login: user.login,
      theme: '',
      orgId: 1,
      isGrafanaAdmin: user.role === 'Admin',
      isDisabled: false,
      isExternal: false,
      isExternallySynced: false,
      isGrafanaAdminExternallySynced: false,
      authLabels: [],
      updatedAt: startedAt,
      createdAt: startedAt,
      avatarUrl: `/avatar/${user.uid}`,
      isProvisioned: false,
    }),
};

/** Whether the session is still good: the browser asks it after a 401. */
export const loginPingRoute: Route = {
  method: 'GET',
  path: '/api/login/ping',
  handle: ({ response }) => sendJson(response, 200, 'Logged in'),
};

export const userPermissionsRoute: Route = {
  method: 'GET',
  path: '/api/access-control/user/permissions',
  handle: ({ response, user, state }) => user && sendJson(response, 200, permissionsOf(user, state.plugin)),
};

export const userPreferencesRoute: Route = {
  method: 'GET',
  path: '/api/user/preferences',
  handle: ({ response }) => sendJson(response, 200, {}),
};

export const signingKeysRoute: Route = {
  method: 'GET',
  path: '/api/signing-keys/keys',
  open: true,
  handle: ({ response }) => sendJson(response, 200, signingKeys()),
};
