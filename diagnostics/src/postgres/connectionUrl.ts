/**
 * A connection URL of Postgres, as applications have it, taken apart before anything else sees it: its password becomes the
 * password of the target, a secret like any other, and no message ever holds the URL.
 */
import type { ConfigProblem } from '../config/problems';

const ALLOWED = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'host', 'port', 'application_name', 'connect_timeout'];

type Given = Record<string, unknown>;

/** Targets without `url`; what stands beside a URL holds. Problems never tell a value. */
export function withoutUrls(config: unknown, problems: ConfigProblem[]): unknown {
  const given = (typeof config === 'object' && config !== null ? config : {}) as Given;
  const { targets } = given;
  if (!Array.isArray(targets)) {
    return config;
  }
  const taken = targets.map((target: unknown, index) => {
    const { kind, url, ...rest } = (typeof target === 'object' && target !== null ? target : {}) as Given;
    if (kind !== 'postgres' || typeof url !== 'string') {
      return target;
    }
    const problem = (message: string): void => void problems.push({ key: `targets[${index}].url`, message });
    const found = partsOf(url, problem, Object.keys(rest));
    return { kind, ...found, ...rest };
  });
  return { ...given, targets: taken };
}

function partsOf(text: string, problem: (message: string) => void, beside: readonly string[]): Given {
  let url: URL;
  let decoded: [user: string, password: string, database: string];
  try {
    url = new URL(text);
    decoded = [
      decodeURIComponent(url.username),
      decodeURIComponent(url.password),
      decodeURIComponent(url.pathname.replace(/^\//, '')),
    ];
  } catch {
    problem(
      'is no URL: postgres://user@host:5432/database; encode "@", "/", ":" and "%" of a password (%40, %2F, %3A, %25)'
    );
    return {};
  }
  if (!/^postgres(ql)?:$/.test(url.protocol)) {
    problem('begins with postgres:// or postgresql://');
    return {};
  }
  const wrong = [...url.searchParams.keys()].find((name) => !ALLOWED.includes(name));
  if (wrong !== undefined) {
    problem(`"${wrong}" is not known here. Allowed: ${ALLOWED.join(', ')}`);
  }
  const of = (name: string): string | undefined => url.searchParams.get(name) ?? undefined;
  // The directory of a socket has no place before the path.
  const host = of('host') ?? (url.hostname === '' ? undefined : url.hostname);
  const port = url.port === '' ? of('port') : url.port;
  const [user, password, database] = decoded;
  const needsPassword = !beside.includes('passwordFile') && !beside.includes('password');
  return {
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(user === '' ? {} : { user }),
    ...(database === '' ? {} : { database }),
    ...(password === '' || !needsPassword ? {} : { password }),
    ...tlsOf(of, problem),
  };
}

function tlsOf(of: (name: string) => string | undefined, problem: (message: string) => void): Given {
  const mode = of('sslmode');
  const files = Object.fromEntries(
    [
      ['caFile', of('sslrootcert')],
      ['certFile', of('sslcert')],
      ['keyFile', of('sslkey')],
    ].filter(([, file]) => file !== undefined)
  ) as Given;
  const hasFiles = Object.keys(files).length > 0;
  switch (mode) {
    case undefined:
      return hasFiles ? { tls: files } : {};
    case 'disable':
      return { tls: false };
    case 'require':
    case 'verify-ca':
    case 'verify-full':
      return { tls: hasFiles ? files : true };
    default:
      problem('sslmode is disable, or verify-full: with the others TLS may be left out without a word');
      return {};
  }
}
