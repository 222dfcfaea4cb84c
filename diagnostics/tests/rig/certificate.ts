import { execFileSync } from 'node:child_process';

/** A certificate for `db.test` that nobody has signed, valid for two days, as PEM files. */
export function selfSigned(cert: string, key: string): void {
  const subject = ['-subj', '/CN=db.test', '-addext', 'subjectAltName=DNS:db.test'];
  const files = ['-keyout', key, '-out', cert];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files], {
    stdio: 'ignore',
  });
}
