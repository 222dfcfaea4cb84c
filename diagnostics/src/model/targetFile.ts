/** Files that a target names: its password and certificates. They are read for each connection: what rotates them writes there. */
import { readFileSync } from 'node:fs';

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

/** Errors: `UnreadableFile`. */
export function readTargetFile(key: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UnreadableFile(key, (error as NodeJS.ErrnoException).code ?? 'unknown');
  }
}

export interface TlsFiles {
  readonly caFile?: string | undefined;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
}

/** What the files hold, for `tls.connect`. Errors: `UnreadableFile`. */
export function tlsFiles({ caFile, certFile, keyFile }: TlsFiles): { ca?: string; cert?: string; key?: string } {
  return {
    ...(caFile === undefined ? {} : { ca: readTargetFile('tls.caFile', caFile) }),
    ...(certFile === undefined ? {} : { cert: readTargetFile('tls.certFile', certFile) }),
    ...(keyFile === undefined ? {} : { key: readTargetFile('tls.keyFile', keyFile) }),
  };
}
