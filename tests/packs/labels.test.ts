/**
 * The labels that the packs ask for against those that the demo writes: a name that differs by a hyphen finds no series
 * and no line, and is then unknown for ever.
 */
import { readFileSync } from 'node:fs';

import { bind } from '@live-runbooks/engine';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';

import { SHIPPED_PACKS } from './shippedPacks';

const text = (file: string) => readFileSync(file, 'utf8');
const bounds = SHIPPED_PACKS.map((pack) => bind(pack, {}));

/** Every parameter of a pack that selects by a label, with the values that it selects. */
const selected = (label: string) =>
  bounds.flatMap(({ pack, values }) =>
    Object.entries(pack.params)
      .filter(([, { kind }]) => kind === 'selector')
      .flatMap(([name]) => {
        const found = new RegExp(`(?:^|,)${label}(?:=|=~)"([^"]*)"`).exec(values[name] ?? '')?.[1];
        return found === undefined ? [] : found.split('|').map((value) => ({ pack: pack.id, name, value }));
      })
  );

interface Compose {
  readonly services: Readonly<Record<string, { readonly environment?: Readonly<Record<string, string>> }>>;
}
const compose = parse(text('docker-compose.yaml'), { merge: true }) as Compose;

describe('the packs ask for what the demo writes', () => {
  it('app of a log stream: Alloy takes it from the name of the log file', () => {
    const pattern = /expression = "(.*)"/.exec(text('demo/config/compose/logs.alloy'))?.[1] ?? '';
    const ofFile = new RegExp(pattern.replaceAll('\\\\', '\\').replaceAll('(?P<', '(?<'));
    const apps = Object.values(compose.services).flatMap(({ environment }) => {
      const service = environment?.['SERVICE'];
      return service === undefined ? [] : [ofFile.exec(`/logs/${service}.log`)?.groups?.['app']];
    });
    const asked = selected('app');
    expect(asked.map(({ pack }) => pack)).toEqual(['gorax', 'sqlstudio']);
    asked.forEach(({ pack, name, value }) => expect(apps, `${pack}: ${name}`).toContain(value));
  });

  it('job of a series', () => {
    const { scrape_configs: jobs } = parse(text('demo/config/prometheus.yml')) as {
      scrape_configs: Array<{ job_name: string }>;
    };
    const asked = selected('job');
    expect(asked.length).toBeGreaterThan(5);
    asked.forEach(({ pack, name, value }) =>
      expect(
        jobs.map(({ job_name: job }) => job),
        `${pack}: ${name}`
      ).toContain(value)
    );
  });

  it('namespace and deployment of a workload, in compose and on the native estate', () => {
    const native = text('demo/src/estate/start.ts');
    const simulated = compose.services['kubernetes']?.environment?.['DEPLOYMENTS'] ?? '';
    for (const { pack, values } of bounds) {
      for (const [name, value] of Object.entries(values).filter(([param]) => /^(api|worker)_deployment$/.test(param))) {
        expect(simulated, `${pack.id}: ${name}`).toMatch(new RegExp(`(^|\\s)${values['namespace'] ?? ''}/${value}=`));
        expect(native, `${pack.id}: ${name}`).toContain(`'${value}'`);
      }
      expect(native).toContain(`namespace: '${values['namespace'] ?? ''}'`);
    }
  });

  it('the port at which each guide serves pprof', () => {
    expect(bounds.map(({ pack, values }) => [pack.id, values['pprof_port']])).toEqual([
      ['gorax', '9090'],
      ['sqlstudio', '8080'],
    ]);
  });
});
