import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import type { User } from '../users/users';

const KEY_ID = 'workbench-es256';
const LASTS_S = 600;
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** The answer of `/api/signing-keys/keys`: with it a service can check `X-Grafana-Id`. */
export function signingKeys() {
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' });
  return { keys: [{ use: 'sig', kty, kid: KEY_ID, crv, alg: 'ES256', x, y }] };
}

/** `X-Grafana-Id`: who asks, as an ES256 token for ten minutes. */
export function idToken(user: User, issuer: string, now: number): string {
  const seconds = Math.floor(now / 1000);
  const claims = {
    iss: issuer,
    sub: `user:${user.id}`,
    aud: 'org:1',
    iat: seconds,
    exp: seconds + LASTS_S,
    jti: randomUUID(),
    email: user.email,
    username: user.login,
    role: user.role,
    type: 'user',
    namespace: 'default',
    authenticatedBy: 'password',
    identifier: user.uid,
  };
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const signed = `${encode({ alg: 'ES256', kid: KEY_ID, typ: 'jwt' })}.${encode(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

/** `X-Grafana-Context`: the signed-in user, with the keys that Grafana 12.2 sends. */
export function grafanaContext(user: User, now: number): string {
  return JSON.stringify({
    UserID: user.id,
    UserUID: user.uid,
    OrgID: 1,
    OrgName: 'Main Org.',
    OrgRole: user.role,
    Login: user.login,
    Name: user.name,
    Email: user.email,
    EmailVerified: false,
    AuthID: '',
    AuthenticatedBy: 'password',
    Namespace: 'default',
    ApiKeyID: 0,
    IsServiceAccount: false,
    IsGrafanaAdmin: user.role === 'Admin',
    IsAnonymous: false,
    IsDisabled: false,
    HelpFlags1: 0,
    LastSeenAt: new Date(now).toISOString().replace(/\.\d+/, ''),
    Teams: [],
    FallbackType: 'user',
  });
}
