/** Password and certificates of a target. Files are read again for each session: they may be rotated meanwhile. */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import type pg from 'pg';
import type { PostgresTargetConfig } from '../config/schema';

/** A file of the configuration that cannot be read now. */
export class UnreadableFile extends Error {
  constructor(
    /** `tls.caFile` */
    readonly key: string,
    reason: string
  ) {
    super(`${key} cannot be read: ${reason}`);
  }
}

function read(key: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UnreadableFile(key, (error as NodeJS.ErrnoException).code ?? 'unknown');
  }
}

/** Errors: `UnreadableFile`. */
export const passwordOf = ({ password, passwordFile }: PostgresTargetConfig): string =>
  passwordFile === undefined ? (password ?? '') : read('passwordFile', passwordFile).trim();

/** Undefined: not encrypted. Errors: `UnreadableFile`. */
export function sslOf({ tls, host }: PostgresTargetConfig): pg.ClientConfig['ssl'] {
  if (tls === false) {
    return undefined;
  }
  const { caFile, certFile, keyFile, serverName } = tls === true ? {} : tls;
  const name = serverName ?? host;
  return {
    rejectUnauthorized: true,
    // node-postgres always sends the host as the server's name, so the name in the certificate is compared here.
    checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate),
    ...(isIP(name) === 0 && !name.startsWith('/') ? { servername: name } : {}),
    ...(caFile === undefined ? {} : { ca: read('tls.caFile', caFile) }),
    ...(certFile === undefined ? {} : { cert: read('tls.certFile', certFile) }),
    ...(keyFile === undefined ? {} : { key: read('tls.keyFile', keyFile) }),
  };
}
