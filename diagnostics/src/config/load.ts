/** Reads a configuration file: YAML, then `${ENV}`, then the schema, then the secrets that lie in files. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { checksOf } from '../checks';
import { TARGET_KINDS } from '../model/check';
import { Secrets } from '../redact/secrets';
import { expand, type ExpansionProblem } from './expand';
import { SecretFile } from './secretFile';
import { ConfigError, type ConfigProblem, keyOf, problemsOf } from './problems';
import { type ConfigFile, type TargetConfig, configSchema } from './schema';
import { withFilesFrom } from './files';
import { withoutUrls } from '../postgres/connectionUrl';

export type Config = Omit<ConfigFile, 'token' | 'tokenFile'> & {
  /** The token as it is now: its file is read again when it changes. */
  readonly token: () => string;
  /** What is allowed and should be mended; never a value. */
  readonly warnings: readonly ConfigProblem[];
  /** Every secret of the file, to be scrubbed from whatever leaves the service. */
  readonly secrets: Secrets;
};

type Environment = Readonly<Record<string, string | undefined>>;

/** Errors: `ConfigError`, with every problem that was found. */
export function loadConfig(file: string, env: Environment = process.env): Config {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(file, [{ key: '', message: `cannot be read: ${(error as NodeJS.ErrnoException).code}` }]);
  }
  return parseConfig(text, { file, env });
}

/** `file` is for messages, and relative paths are taken from its directory. */
export function parseConfig(text: string, { file, env }: { readonly file: string; readonly env: Environment }): Config {
  const document = parseDocument(text, { prettyErrors: true });
  if (document.errors.length > 0) {
    throw new ConfigError(
      file,
      // The first line of such a message says what and where; the lines below it would show the content.
      document.errors.map((error) => ({
        key: '',
        message: `not YAML: ${error.message.split('\n')[0] ?? ''}${hint(text, error.linePos?.[0].line)}`,
      }))
    );
  }
  const unset: ExpansionProblem[] = [];
  const expanded = expand(document.toJS({ maxAliasCount: 50 }) as unknown, env, unset);
  if (unset.length > 0) {
    throw new ConfigError(
      file,
      unset.map(({ path, message }) => ({ key: keyOf(path), message }))
    );
  }
  const wrong: ConfigProblem[] = [];
  const parsed = configSchema.safeParse(withoutUrls(expanded ?? {}, wrong));
  if (wrong.length > 0) {
    throw new ConfigError(file, wrong);
  }
  if (!parsed.success) {
    throw new ConfigError(
      file,
      problemsOf(parsed.error, (path) => allowedKeys(expanded, path))
    );
  }
  return complete(parsed.data, file);
}

/** `{ password: ${X} }` is no YAML: the brace of the reference begins a mapping. */
function hint(text: string, line: number | undefined): string {
  const found = line === undefined ? '' : (text.split('\n')[line - 1] ?? '');
  return /[^"'$]\$\{/.test(found) ? ' write a reference in quotes there: "${NAME}"' : '';
}

function complete(data: ConfigFile, file: string): Config {
  const problems: ConfigProblem[] = [];
  const secrets = new Secrets(namesIn(data));
  const warnings: ConfigProblem[] = [];
  const secretFrom = (key: string, value: string | undefined, path: string | undefined): string | undefined => {
    if (value !== undefined && path !== undefined) {
      problems.push({ key, message: `give either ${key} or ${key}File, not both` });
    }
    if (path === undefined) {
      return value;
    }
    try {
      return readFileSync(resolve(dirname(file), path), 'utf8').trim();
    } catch (error) {
      problems.push({ key: `${key}File`, message: `cannot be read: ${(error as NodeJS.ErrnoException).code}` });
      return undefined;
    }
  };

  const first = secretFrom('token', data.token, data.tokenFile);
  const wrong = problemOfToken(first);
  if (wrong !== undefined) {
    problems.push({ key: data.tokenFile === undefined ? 'token' : 'tokenFile', message: wrong });
  }
  secrets.add(first);
  const token =
    data.tokenFile === undefined || problems.length > 0
      ? () => first ?? ''
      : rotated(resolve(dirname(file), data.tokenFile), secrets);

  const seen = new Set<string>();
  const targets: TargetConfig[] = data.targets.map((given, index) => {
    const target = withFilesFrom(dirname(file), given);
    if (seen.has(target.id)) {
      problems.push({ key: `targets[${index}].id`, message: `"${target.id}" is there twice; each id once` });
    }
    seen.add(target.id);
    for (const value of secretsIn(target)) {
      secrets.add(value);
    }
    if (!('password' in target || 'passwordFile' in target)) {
      return target;
    }
    const password = secretFrom(`targets[${index}].password`, target.password, target.passwordFile);
    if (secrets.add(password) === 'ordinary-word') {
      warnings.push({
        key: `targets[${index}].password`,
        message:
          'is an ordinary word or part of a name: it cannot be taken out of texts, so it may be seen in one; choose a random one',
      });
    }
    const { passwordFile } = target;
    return {
      ...target,
      password,
      // Read again when it changes, wherever the process stands then.
      ...(passwordFile === undefined ? {} : { passwordFile: resolve(dirname(file), passwordFile) }),
    };
  });
  if (problems.length > 0) {
    throw new ConfigError(file, problems);
  }
  const { tokenFile: _, ...rest } = data;
  const fromHere = (path: string | undefined) =>
    path === undefined ? {} : { directory: resolve(dirname(file), path) };
  const state = { ...rest.state, ...fromHere(rest.state.directory) };
  const packs = { ...rest.packs, ...fromHere(rest.packs.directory) };
  return { ...rest, state, packs, targets, token, warnings, secrets };
}

/** Why a client could not send this token; undefined: it can. */
function problemOfToken(token: string | undefined): string | undefined {
  if (token === undefined || token.length < 16) {
    return 'needs at least 16 characters: write `token: ${DIAGNOSTICS_TOKEN}` or `tokenFile: <path>`';
  }
  return /^[\x21-\x7e]+$/.test(token)
    ? undefined
    : 'holds a blank, a control character or a letter outside ASCII, which no client can send: openssl rand -hex 32';
}

/** The token of a file, as it is now. One that could not be sent changes nothing. */
function rotated(path: string, secrets: Secrets): () => string {
  const file = new SecretFile(path);
  let good = file.current();
  return () => {
    const now = file.current();
    if (now !== good && problemOfToken(now) === undefined) {
      secrets.add(now);
      good = now;
    }
    return good;
  };
}

const SECRET_KEYS = new Set(['token', 'password', 'secretAccessKey', 'sessionToken', 'headers']);

/** Every text of the configuration that is no secret, and the names of the checks. */
function namesIn(data: ConfigFile): string[] {
  const names: string[] = Object.values(checksOf).flatMap((checks) => checks.map((check) => check.id));
  const collect = (value: unknown): void => {
    if (typeof value === 'string') {
      names.push(value);
    } else if (typeof value === 'object' && value !== null) {
      Object.entries(value)
        .filter(([key]) => !SECRET_KEYS.has(key))
        .forEach(([, each]) => collect(each));
    }
  };
  collect(data);
  return names;
}

/** Secrets of a target besides its password: keys, and header values that may carry a token. */
function secretsIn(target: TargetConfig): string[] {
  if (target.kind === 'sqs' || target.kind === 'kms') {
    return [target.secretAccessKey, target.sessionToken].filter((value) => value !== undefined);
  }
  if (target.kind !== 'http') {
    return [];
  }
  return Object.entries(target.headers)
    .filter(([name]) => !/^(accept|accept-language|user-agent)$/i.test(name))
    .flatMap(([, value]) => [value, ...value.split(/\s+/)])
    .filter((value) => !/^(bearer|basic)$/i.test(value));
}

/** The keys that are allowed where an unknown one was found. */
function allowedKeys(root: unknown, path: readonly PropertyKey[]): string[] {
  const [first, index, member, checkId] = path;
  if (first === undefined) {
    return Object.keys(configSchema.shape);
  }
  if (first !== 'targets') {
    const section = (configSchema.shape as Record<string, z.ZodType>)[String(first)];
    return keysOf(section);
  }
  const targets = (root as { targets?: unknown }).targets;
  const target = Array.isArray(targets) ? (targets[Number(index)] as { kind?: unknown } | undefined) : undefined;
  const kind = TARGET_KINDS.find((each) => each === target?.kind) ?? 'postgres';
  const checks = checksOf[kind];
  const option = configSchema.shape.targets.element.options.find((each) => each.shape.kind.value === kind);
  if (member === 'checks') {
    const check = checks.find((each) => each.id === checkId);
    if (check !== undefined && typeof path[4] === 'string') {
      return keysOf(check.options.shape[path[4]]);
    }
    return check ? ['enabled', ...Object.keys(check.options.shape)] : checks.map((each) => each.id);
  }
  return keysOf(
    member === undefined ? option : (option?.shape as Record<string, unknown> | undefined)?.[String(member)]
  );
}

function keysOf(schema: unknown): string[] {
  let inner = schema;
  for (;;) {
    if (inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault || inner instanceof z.ZodOptional) {
      inner = inner.unwrap();
    } else if (inner instanceof z.ZodArray) {
      inner = inner.element;
    } else if (inner instanceof z.ZodUnion) {
      inner = inner.options.find((each) => each instanceof z.ZodObject);
    } else {
      return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
    }
  }
}
