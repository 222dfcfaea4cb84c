/** Password and certificates of a target. Files are read again for each session: they may be rotated meanwhile. */
import { isIP } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import type pg from 'pg';
import { readTargetFile, tlsFiles } from '../model/targetFile';
import type { PostgresConnectionConfig } from './connectionConfig';

/** Errors: `UnreadableFile`. */
export const passwordOf = ({ password, passwordFile }: PostgresConnectionConfig): string =>
  passwordFile === undefined ? (password ?? '') : readTargetFile('passwordFile', passwordFile).trim();

/** Undefined: not encrypted. Errors: `UnreadableFile`. */
export function sslOf({ tls, host }: PostgresConnectionConfig): pg.ClientConfig['ssl'] {
  if (tls === false) {
    return undefined;
  }
  const given = tls === true ? {} : tls;
  const name = given.serverName ?? host;
  return {
    rejectUnauthorized: true,
    // node-postgres always sends the host as the server's name, so the name in the certificate is compared here.
    checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate),
    ...(isIP(name) === 0 && !name.startsWith('/') ? { servername: name } : {}),
    ...tlsFiles(given),
  };
}
