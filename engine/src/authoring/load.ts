/**
 * Loading a pack: files in, a compiled `Pack` or a list of problems out, never half of one. Reading the disk is the
 * caller's; this is pure.
 *
 * A pack is `<dir>/pack.yaml`, `<dir>/signals/*.yaml` and one runbook in every other `<dir>/*.yaml`. What it `uses`
 * are folders beside it: their `signals/*.yaml`, `causes/*.yaml` (named `common/<id>`) and `fixes/*.yaml`.
 */
import type { Cause, Evidence, Fix, Pack, PackTest, Param, Query, Runbook, Signal } from '../model/pack';
import { check } from './check';
import { byPlace, notAmong, type Problem } from './problem';
import {
  causesSchema,
  fixesSchema,
  LANGUAGES,
  packSchema,
  runbookSchema,
  signalsSchema,
  type AuthoredCause,
  type AuthoredEvidence,
  type AuthoredFix,
  type AuthoredPack,
  type AuthoredRunbook,
  type AuthoredSignal,
} from './schema';
import { readYaml, type Path, type YamlSource } from './source';

export type PackFiles = Readonly<Record<string, string>>;

/** Where a part of a compiled pack was written. */
export interface Origin {
  readonly source: YamlSource;
  readonly path: Path;
}

/**
 * Origins by name: `pack`, `param <id>`, `signal <id>`, `runbook <id>`, `cause <runbook>/<id>`,
 * `cause <runbook>/<id> <field>`, `fix <runbook>/<id>`, `test <runbook>/<index>`, `prevention <runbook>/<index>`.
 */
export type Origins = ReadonlyMap<string, Origin>;

export interface LoadedPack {
  readonly pack: Pack;
  readonly origins: Origins;
  /** Ids of the signals written in the pack's own folder (shared ones are listed only where they are used). */
  readonly ownSignals: readonly string[];
  /** Everything that the pack could use: signals, and causes by name (`common/<id>`). */
  readonly available: { readonly signals: readonly string[]; readonly causes: readonly string[] };
}

export type LoadResult =
  | ({ readonly ok: true; readonly problems: readonly [] } & LoadedPack)
  | { readonly ok: false; readonly problems: readonly Problem[] };

interface Entry<T> {
  readonly value: T;
  readonly origin: Origin;
}

/**
 * Compiles the pack in `packPath` (a folder such as `runbooks/gorax`, or its `pack.yaml`) out of `files`, a map of
 * paths to texts. Answers every problem that it can find at once, each with file, line, column and what is allowed.
 */
export function loadPack(files: PackFiles, packPath: string): LoadResult {
  const dir = normalize(packPath.replace(/\/?pack\.yaml$/, ''));
  const problems: Problem[] = [];
  const loader = new Loader(files, dir, problems);
  const loaded = loader.load();
  if (problems.length > 0 || loaded === undefined) {
    return { ok: false, problems: dedupe(problems).sort(byPlace) };
  }
  return { ok: true, problems: [], ...loaded };
}

/** The folders in `files` that hold a `pack.yaml`, in order. */
export function findPacks(files: PackFiles): string[] {
  return Object.keys(files)
    .filter((file) => /(^|\/)pack\.yaml$/.test(file))
    .map((file) => file.replace(/\/?pack\.yaml$/, ''))
    .sort();
}

class Loader {
  private readonly origins = new Map<string, Origin>();
  private readonly signals = new Map<string, Entry<AuthoredSignal>>();
  private readonly causes = new Map<string, Entry<AuthoredCause>>();
  private readonly sharedFixes = new Map<string, Entry<AuthoredFix>>();

  constructor(
    private readonly files: PackFiles,
    private readonly dir: string,
    private readonly problems: Problem[]
  ) {}

  load(): LoadedPack | undefined {
    const packFile = join(this.dir, 'pack.yaml');
    const packText = this.files[packFile];
    if (packText === undefined) {
      this.problems.push({
        file: packFile,
        line: 1,
        column: 1,
        severity: 'error',
        rule: 'no-pack',
        message: 'a pack needs a pack.yaml with id, title, description and params',
      });
      return undefined;
    }
    const packSource = readYaml(packFile, packText);
    const authored = check(packSchema, packSource, this.problems);
    if (authored === undefined) {
      this.readRunbooks(packFile);
      return undefined;
    }
    this.origins.set('pack', { source: packSource, path: [] });
    for (const name of Object.keys(authored.params)) {
      this.origins.set(`param ${name}`, { source: packSource, path: ['params', name] });
    }
    this.readShared(authored, packSource);
    const ownSignals = this.readSignals(join(this.dir, 'signals'));
    this.readCauses(join(this.dir, 'causes'), authored.id);
    this.readFixes(join(this.dir, 'fixes'));
    const authoredRunbooks = this.readRunbooks(packFile);
    if (this.problems.length > 0) {
      return undefined;
    }
    const runbooks = authoredRunbooks.map(({ value, origin }) => this.compileRunbook(authored.id, value, origin));
    const seen = new Map<string, Origin>();
    for (const { value, origin } of authoredRunbooks) {
      if (seen.has(value.id)) {
        this.fail(
          { source: origin.source, path: ['id'] },
          'duplicate',
          `the runbook \`${value.id}\` is already defined in ${seen.get(value.id)?.source.file}`
        );
      }
      seen.set(value.id, origin);
    }
    if (runbooks.length === 0) {
      this.fail(
        { source: packSource, path: [] },
        'no-runbook',
        `the pack has no runbook: add ${this.dir}/<runbook>.yaml`
      );
    }
    const pack: Pack = {
      id: authored.id,
      title: authored.title,
      description: authored.description,
      format: 1,
      params: Object.fromEntries(Object.entries(authored.params).map(([name, param]) => [name, compileParam(param)])),
      signals: this.usedSignals(runbooks, ownSignals),
      runbooks,
    };
    const available = { signals: [...this.signals.keys()], causes: [...this.causes.keys()] };
    return { pack, origins: this.origins, ownSignals, available };
  }

  private fail(origin: Origin, rule: string, message: string): void {
    this.problems.push({
      file: origin.source.file,
      ...origin.source.at(origin.path),
      severity: 'error',
      rule,
      message,
    });
  }

  private inFolder(folder: string): string[] {
    const prefix = `${folder}/`;
    return Object.keys(this.files)
      .filter((file) => file.startsWith(prefix) && /^[^/]+\.ya?ml$/.test(file.slice(prefix.length)))
      .sort();
  }

  private readShared(authored: AuthoredPack, packSource: YamlSource): void {
    const listed = new Set<string>();
    for (const [index, path] of authored.signals.entries()) {
      const file = normalize(join(this.dir, path));
      if (this.files[file] === undefined) {
        this.fail({ source: packSource, path: ['signals', index] }, 'no-file', `\`${path}\` (${file}) does not exist`);
      } else if (!file.startsWith(`${this.dir}/signals/`)) {
        listed.add(file);
      }
    }
    const parent = this.dir.includes('/') ? this.dir.slice(0, this.dir.lastIndexOf('/')) : '';
    const folders = new Set(authored.uses.map((name) => join(parent, name)));
    for (const [index, name] of authored.uses.entries()) {
      const folder = join(parent, name);
      if (!Object.keys(this.files).some((file) => file.startsWith(`${folder}/`))) {
        this.fail(
          { source: packSource, path: ['uses', index] },
          'no-file',
          `the folder \`${folder}\` that the pack uses holds no file`
        );
      }
      this.readSignals(join(folder, 'signals'));
      this.readCauses(join(folder, 'causes'), name);
      this.readFixes(join(folder, 'fixes'));
    }
    for (const file of listed) {
      if (![...folders].some((folder) => file.startsWith(`${folder}/signals/`))) {
        this.readSignalFile(file);
      }
      // A listed file of a shared folder brings that folder's causes along.
      const folder = file.replace(/\/signals\/[^/]+$/, '');
      if (folder !== file && !folders.has(folder)) {
        folders.add(folder);
        this.readCauses(join(folder, 'causes'), folder.slice(folder.lastIndexOf('/') + 1));
        this.readFixes(join(folder, 'fixes'));
      }
    }
  }

  private readSignals(folder: string): string[] {
    return this.inFolder(folder).flatMap((file) => this.readSignalFile(file));
  }

  private readSignalFile(file: string): string[] {
    const source = readYaml(file, this.files[file] ?? '');
    return this.collect(source, check(signalsSchema, source, this.problems), this.signals, 'signal', (id) => id);
  }

  private readCauses(folder: string, prefix: string): void {
    for (const file of this.inFolder(folder)) {
      const source = readYaml(file, this.files[file] ?? '');
      this.collect(source, check(causesSchema, source, this.problems), this.causes, 'cause', (id) => `${prefix}/${id}`);
    }
  }

  private readFixes(folder: string): void {
    for (const file of this.inFolder(folder)) {
      const source = readYaml(file, this.files[file] ?? '');
      this.collect(source, check(fixesSchema, source, this.problems), this.sharedFixes, 'fix', (id) => id);
    }
  }

  private collect<T>(
    source: YamlSource,
    values: Readonly<Record<string, T>> | undefined,
    into: Map<string, Entry<T>>,
    kind: string,
    name: (id: string) => string
  ): string[] {
    for (const [id, value] of Object.entries(values ?? {})) {
      const origin = { source, path: [id] };
      const earlier = into.get(name(id));
      if (earlier) {
        const { line } = earlier.origin.source.atKey(earlier.origin.path);
        this.fail(
          origin,
          'duplicate',
          `the ${kind} \`${id}\` is already defined at ${earlier.origin.source.file}:${line}`
        );
        continue;
      }
      into.set(name(id), { value, origin });
      if (kind === 'signal') {
        this.origins.set(`signal ${id}`, origin);
      }
    }
    return Object.keys(values ?? {});
  }

  private readRunbooks(packFile: string): Array<Entry<AuthoredRunbook>> {
    const known = new Set(['signals', 'causes', 'fixes']);
    for (const file of Object.keys(this.files)) {
      const inside = file.startsWith(`${this.dir}/`) ? file.slice(this.dir.length + 1).split('/') : [];
      if (inside.length > 1 && /\.ya?ml$/.test(file) && !(inside.length === 2 && known.has(inside[0] ?? ''))) {
        this.problems.push({
          file,
          line: 1,
          column: 1,
          severity: 'error',
          rule: 'no-place',
          message: 'a pack reads pack.yaml, *.yaml (runbooks), signals/*.yaml, causes/*.yaml and fixes/*.yaml only',
        });
      }
    }
    return this.inFolder(this.dir)
      .filter((file) => file !== packFile)
      .flatMap((file) => {
        const source = readYaml(file, this.files[file] ?? '');
        const value = check(runbookSchema, source, this.problems);
        if (value === undefined) {
          return [];
        }
        const expected = file.slice(this.dir.length + 1).replace(/\.ya?ml$/, '');
        if (value.id !== expected) {
          this.fail(
            { source, path: ['id'] },
            'file-name',
            `the runbook \`${value.id}\` must stand in ${value.id}.yaml (its address is its id)`
          );
        }
        return [{ value, origin: { source, path: [] } }];
      });
  }

  /** The pack's own signals and the shared ones that its runbooks name, directly or through `requires`. */
  private usedSignals(runbooks: readonly Runbook[], own: readonly string[]): Record<string, Signal> {
    const wanted = new Set(own);
    for (const runbook of runbooks) {
      const text = JSON.stringify([runbook.causes, runbook.fixes, runbook.escalate, runbook.summary]);
      for (const match of text.matchAll(/\{\{\s*([a-z][a-z0-9-]*)/g)) {
        if (match[1] !== undefined && this.signals.has(match[1])) {
          wanted.add(match[1]);
        }
      }
      runbook.symptoms.forEach((id) => wanted.add(id));
      runbook.causes.forEach((cause) => cause.evidence.forEach(({ signal }) => wanted.add(signal)));
      Object.values(runbook.fixes).forEach((fix) => {
        fix.when.forEach((id) => wanted.add(id));
        if (fix.verify) {
          wanted.add(fix.verify.signal);
        }
      });
      runbook.prevention.forEach(({ signal }) => wanted.add(signal));
    }
    const queue = [...wanted];
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      const entry = this.signals.get(id);
      for (const key of ['viewOf', 'recent'] as const) {
        const named = entry?.value[key];
        if (entry && named !== undefined) {
          this.needSignal(named, { source: entry.origin.source, path: [...entry.origin.path, key] });
        }
      }
      const recent = entry?.value.recent;
      if (recent !== undefined && !wanted.has(recent)) {
        wanted.add(recent);
        queue.push(recent);
      }
      for (const [index, required] of (entry?.value.requires ?? []).entries()) {
        if (!this.signals.has(required) && entry) {
          this.fail(
            { source: entry.origin.source, path: [...entry.origin.path, 'requires', index] },
            'unknown-signal',
            notAmong('the signal', required, [...this.signals.keys()])
          );
        } else if (!wanted.has(required)) {
          wanted.add(required);
          queue.push(required);
        }
      }
    }
    const compiled: Record<string, Signal> = {};
    for (const id of [...wanted].sort()) {
      const entry = this.signals.get(id);
      if (entry) {
        compiled[id] = compileSignal(id, entry.value);
      }
    }
    return compiled;
  }

  private compileRunbook(pack: string, authored: AuthoredRunbook, origin: Origin): Runbook {
    const { source } = origin;
    const name = (kind: string, key: string | number, path: Path) =>
      this.origins.set(`${kind} ${authored.id}/${key}`, { source, path });
    this.origins.set(`runbook ${authored.id}`, origin);
    authored.symptoms.forEach((id, index) => this.needSignal(id, { source, path: ['symptoms', index] }));

    const causes = Object.entries(authored.causes).map(([id, cause]) => {
      name('cause', id, ['causes', id]);
      return this.compileCause(pack, authored.id, id, cause, { source, path: ['causes', id] });
    });

    const fixes: Record<string, Fix> = {};
    const addFix = (id: string, fix: AuthoredFix, from: Origin) => {
      this.origins.set(`fix ${authored.id}/${id}`, from);
      fix.when.forEach((signal, index) =>
        this.needSignal(signal, { source: from.source, path: [...from.path, 'when', index] })
      );
      if (fix.verify) {
        this.needSignal(fix.verify.signal, { source: from.source, path: [...from.path, 'verify', 'signal'] });
      }
      fixes[id] = compileFix(id, fix);
    };
    for (const [id, fix] of Object.entries(authored.fixes)) {
      addFix(id, fix, { source, path: ['fixes', id] });
    }
    for (const cause of causes) {
      cause.fixes.forEach((id, index) => {
        const shared = this.sharedFixes.get(id);
        if (fixes[id] === undefined && shared) {
          addFix(id, shared.value, shared.origin);
        } else if (fixes[id] === undefined) {
          const from = this.origins.get(`cause ${authored.id}/${cause.id} fixes`) ?? {
            source,
            path: ['causes', cause.id],
          };
          this.fail(
            { source: from.source, path: [...from.path, index] },
            'unknown-fix',
            notAmong('the fix', id, [...Object.keys(authored.fixes), ...this.sharedFixes.keys()])
          );
        }
      });
    }

    authored.prevention.forEach((prevention, index) => {
      name('prevention', index, ['prevention', index]);
      this.needSignal(prevention.signal, { source, path: ['prevention', index, 'signal'] });
    });
    const tests: PackTest[] = authored.tests.map((test, index) => {
      name('test', index, ['tests', index]);
      Object.keys(test.given).forEach((id) => this.needSignal(id, { source, path: ['tests', index, 'given', id] }));
      const ids = Object.keys(authored.causes);
      if (test.expect.top !== 'none' && !ids.includes(test.expect.top)) {
        this.fail(
          { source, path: ['tests', index, 'expect', 'top'] },
          'unknown-cause',
          notAmong('the cause', test.expect.top, [...ids, 'none'])
        );
      }
      test.expect.refuted?.forEach((id, position) => {
        if (!ids.includes(id)) {
          this.fail(
            { source, path: ['tests', index, 'expect', 'refuted', position] },
            'unknown-cause',
            notAmong('the cause', id, ids)
          );
        }
      });
      const { top, verdict, refuted, says } = test.expect;
      return {
        name: test.name,
        given: Object.fromEntries(
          Object.entries(test.given).map(([id, given]) => {
            const { since, ...rest } = { since: undefined, ...given };
            // Relative to the moment of the test: the negative age in milliseconds.
            return [id, since === undefined ? rest : { ...rest, since: -since * 1000 }];
          })
        ),
        rest: test.rest,
        expect: {
          top,
          ...(verdict === undefined ? {} : { verdict }),
          ...(refuted === undefined ? {} : { refuted }),
          ...(says === undefined ? {} : { says }),
        },
      };
    });

    const { id, title, summary, covers, area, service, severity, alerts, symptoms, prevention, corrections, escalate } =
      authored;
    return {
      id,
      pack,
      title,
      summary,
      covers,
      area,
      service,
      severity,
      alerts,
      symptoms,
      causes,
      fixes,
      prevention,
      corrections,
      escalate,
      tests,
    };
  }

  private compileCause(pack: string, runbook: string, id: string, authored: AuthoredCause, origin: Origin): Cause {
    let shared: Entry<AuthoredCause> | undefined;
    if (authored.use !== undefined) {
      shared = this.causes.get(authored.use);
      if (shared === undefined) {
        this.fail(
          { source: origin.source, path: [...origin.path, 'use'] },
          'unknown-cause',
          notAmong('the shared cause', authored.use, [...this.causes.keys()])
        );
      }
    }
    const merged: AuthoredCause = { ...shared?.value, ...definedOnly(authored) };
    for (const field of ['title', 'says', 'evidence', 'explains', 'lookAlikes', 'dont', 'fixes'] as const) {
      const from = authored[field] !== undefined || shared === undefined ? origin : shared.origin;
      this.origins.set(`cause ${runbook}/${id} ${field}`, { source: from.source, path: [...from.path, field] });
    }
    for (const field of ['title', 'says', 'evidence'] as const) {
      if (merged[field] === undefined && (authored.use === undefined || shared !== undefined)) {
        this.fail(
          origin,
          'schema',
          `the cause \`${id}\` has no ${field}: write it here or in the shared cause that it uses`
        );
      }
    }
    const evidenceOrigin = this.origins.get(`cause ${runbook}/${id} evidence`) ?? origin;
    const evidence = (merged.evidence ?? []).map((item, index): Evidence => {
      this.needSignal(item.signal, { source: evidenceOrigin.source, path: [...evidenceOrigin.path, index, 'signal'] });
      return compileEvidence(item);
    });
    return {
      id,
      identity:
        authored.use === undefined
          ? `${pack}/${runbook}/${id}`
          : merged.scope === 'pack'
            ? `${pack}:${authored.use}`
            : authored.use,
      title: merged.title ?? id,
      says: merged.says ?? '',
      prior: merged.prior ?? 'usual',
      evidence,
      explains: merged.explains ?? [],
      lookAlikes: merged.lookAlikes ?? [],
      dont: merged.dont ?? [],
      fixes: merged.fixes ?? [],
    };
  }

  private needSignal(id: string, at: Origin): void {
    if (!this.signals.has(id)) {
      this.fail(at, 'unknown-signal', notAmong('the signal', id, [...this.signals.keys()]));
    }
  }
}

function compileParam(param: AuthoredPack['params'][string]): Param {
  return {
    title: param.title,
    kind: param.kind,
    ...(param.label === undefined ? {} : { label: param.label }),
    ...(param.default === undefined ? {} : { default: param.default }),
    ...(param.pattern === undefined ? {} : { pattern: param.pattern }),
    required: param.required ?? param.default === undefined,
  };
}

/** Relative cost of asking: a log query reads far more than an instant one, and a person is dearest. */
const COST = { prometheus: 1, loki: 4, diagnostics: 1, alert: 1, manual: 20 } as const;

function compileSignal(id: string, authored: AuthoredSignal): Signal {
  const query = compileQuery(authored);
  return {
    id,
    title: authored.title,
    query,
    test: authored.test ?? { above: 0 },
    unit: authored.unit,
    // The list of firing alerts is complete: one that is not in it does not fire.
    empty: authored.empty ?? (query.source === 'alert' ? 'absent' : 'unknown'),
    maxAge: authored.maxAge,
    ...(authored.viewOf === undefined ? {} : { viewOf: authored.viewOf }),
    ...(authored.recent === undefined ? {} : { recent: authored.recent }),
    requires: authored.requires,
    cost: authored.cost ?? COST[query.source],
    mend: authored.mend,
  };
}

function compileQuery(authored: AuthoredSignal): Query {
  const { prometheus, loki, diagnostics, alert, manual } = authored;
  if (prometheus !== undefined) {
    return { source: 'prometheus', expr: prometheus };
  }
  if (loki !== undefined) {
    return { source: 'loki', expr: loki };
  }
  if (diagnostics !== undefined) {
    const { check: name, target, field, rows, where } = diagnostics;
    const read = rows === undefined ? { field: field ?? 'value' } : { rows, where: where ?? {} };
    return { source: 'diagnostics', check: name, target, read };
  }
  if (alert !== undefined) {
    return { source: 'alert', name: alert.name, labels: alert.labels };
  }
  return { source: 'manual', ask: manual ?? '' };
}

function compileEvidence(item: AuthoredEvidence): Evidence {
  const none = { band: 'none', sign: 1 } as const;
  return {
    signal: item.signal,
    present: item.present ?? none,
    absent: item.absent ?? none,
    ...(item.group === undefined ? {} : { group: item.group }),
    ...(item.says === undefined ? {} : { says: item.says }),
  };
}

function compileFix(id: string, authored: AuthoredFix): Fix {
  const language = LANGUAGES.find((key) => authored[key] !== undefined) ?? 'text';
  const { title, kind, risk, when, reach, rollback, confirm, verify } = authored;
  return {
    id,
    title,
    kind,
    risk,
    language,
    command: authored[language] ?? '',
    when,
    reach,
    ...(rollback === undefined ? {} : { rollback }),
    ...(confirm === undefined ? {} : { confirm }),
    ...(verify === undefined ? {} : { verify }),
  };
}

function definedOnly<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as Partial<T>;
}

function dedupe(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter((problem) => {
    const key = `${problem.file}:${problem.line}:${problem.column}:${problem.message}`;
    return seen.has(key) ? false : (seen.add(key), true);
  });
}

function join(...parts: string[]): string {
  return parts.filter((part) => part !== '').join('/');
}

function normalize(path: string): string {
  const out: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..' && out.length > 0 && out.at(-1) !== '..') {
      out.pop();
    } else if (part !== '.' && (part !== '' || out.length === 0)) {
      out.push(part);
    }
  }
  return out.join('/');
}
