/** A certificate authority for a test, made with openssl. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Issued {
  readonly cert: string;
  readonly key: string;
}

export interface Authority {
  /** PEM file of the root. */
  readonly caFile: string;
  /** A certificate for the name, valid until `days` from now (negative: it has expired), signed by an intermediate. */
  issue(name: string, days: number): Issued;
  /** The same, without the intermediate. */
  issueIncomplete(name: string, days: number): Issued;
  dispose(): void;
}

export function certificateAuthority(): Authority {
  const dir = mkdtempSync(join(tmpdir(), 'live-runbooks-ca-'));
  const file = (name: string): string => join(dir, name);
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { stdio: 'pipe', cwd: dir });
  };
  writeFileSync(file('index.txt'), '');
  writeFileSync(file('index.txt.attr'), 'unique_subject = no\n');
  writeFileSync(file('serial'), '1000\n');
  writeFileSync(
    file('ca.cnf'),
    `[ca]\ndefault_ca = d\n[d]\ndatabase = index.txt\nserial = serial\nnew_certs_dir = .\ndefault_md = sha256\npolicy = p\ncopy_extensions = copy\nunique_subject = no\n[p]\ncommonName = supplied\n[sub]\nbasicConstraints = critical, CA:true\nkeyUsage = critical, keyCertSign\n[leaf]\nbasicConstraints = CA:false\n`
  );
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...ec, '-days', '365', '-subj', '/CN=Test Root', '-keyout', 'root.key', '-out', 'root.crt');
  const stamp = (days: number): string =>
    new Date(Date.now() + days * 86_400_000)
      .toISOString()
      .replace(/[-:T]/g, '')
      .replace(/\.\d+Z$/, 'Z');
  const sign = (name: string, days: number, by: string, extensions: string): void =>
    openssl(
      ...['ca', '-batch', '-notext', '-config', 'ca.cnf', '-cert', `${by}.crt`, '-keyfile', `${by}.key`],
      ...['-startdate', stamp(days - 60), '-enddate', stamp(days), '-extensions', extensions],
      ...['-in', `${name}.csr`, '-out', `${name}.crt`]
    );
  openssl('req', '-new', ...ec, '-subj', '/CN=Test Intermediate', '-keyout', 'sub.key', '-out', 'sub.csr');
  sign('sub', 50, 'root', 'sub');
  let count = 0;
  const leaf = (host: string, days: number): { cert: string; key: string } => {
    count += 1;
    const name = `leaf${count}`;
    const subject = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`];
    openssl('req', '-new', ...ec, ...subject, '-keyout', `${name}.key`, '-out', `${name}.csr`);
    sign(name, days, 'sub', 'leaf');
    return { cert: readFileSync(file(`${name}.crt`), 'utf8'), key: readFileSync(file(`${name}.key`), 'utf8') };
  };
  return {
    caFile: file('root.crt'),
    issue: (host, days) => {
      const { cert, key } = leaf(host, days);
      return { cert: `${cert}\n${readFileSync(file('sub.crt'), 'utf8')}`, key };
    },
    issueIncomplete: leaf,
    dispose: () => rmSync(dir, { recursive: true }),
  };
}
