import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parse, stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { generate } from '../../cli/src/commands/generate';
import { readAlertCases } from '../../cli/src/generate/alertCases';
import { ruleFiles } from '../../cli/src/generate/alertFiles';
import { scaleDuration } from '../../engine/src/wording/duration';
import { SHIPPED_PACKS } from './shippedPacks';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
}
interface RuleFile {
  readonly groups: ReadonlyArray<{ readonly name: string; readonly rules: readonly Rule[] }>;
}

const readRules = (file: string) =>
  (parse(readFileSync(file, 'utf8')) as RuleFile).groups.flatMap(({ rules }) => [...rules]);

const tests = SHIPPED_PACKS.flatMap(({ id }) =>
  readdirSync(`alerts/prometheus/tests/${id}`)
    .filter((name) => name.endsWith('.test.yaml'))
    .map((name) => `alerts/prometheus/tests/${id}/${name}`)
);

describe('the committed alerts', () => {
  it('are what the packs say', () => {
    const said: string[] = [];
    expect(
      generate('runbooks', { bind: [], baseUrl: 'http://localhost:3000', check: true }, (line) => said.push(line)),
      said.join('\n')
    ).toBe(0);
  });

  it('are accepted by promtool', () => {
    const shipped = SHIPPED_PACKS.map(({ id }) => `alerts/prometheus/${id}.yaml`);
    expect(execFileSync('promtool', ['check', 'rules', ...shipped], { encoding: 'utf8' })).not.toContain('FAILED');
  });

  it('fire, are resolved and stay quiet as their cases say', () => {
    const rules = SHIPPED_PACKS.flatMap(({ id }) => readRules(`alerts/prometheus/${id}.yaml`));
    expect(tests).toHaveLength(rules.length);
    const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', ...tests], { encoding: 'utf8' });
    expect(status, stdout + stderr).toBe(0);
  });

  it('open a page that exists, one for every runbook, under a name that the runbook lists', () => {
    for (const pack of SHIPPED_PACKS) {
      const rules = readRules(`alerts/prometheus/${pack.id}.yaml`);
      for (const { id, alerts, service } of pack.runbooks) {
        const own = rules.filter(({ labels }) => labels['runbook'] === id);
        expect(own.length, `${pack.id}/${id} has an alert`).toBeGreaterThan(0);
        for (const { alert, labels, annotations } of own) {
          expect(alerts).toContain(alert);
          expect(labels['service']).toBe(service);
          expect(annotations['runbook_url']).toBe(
            `http://localhost:3000/a/liverunbooks-troubleshooting-app/runbooks/${pack.id}/${id}`
          );
        }
      }
    }
  });

  it.each(['HighErrorRate', 'DatabaseConnectionsHigh', 'SlowAPIResponses', 'QueueBacklog', 'APIDown'])(
    'keep the name that the guide gave: %s',
    (name) => {
      expect(readRules('alerts/prometheus/gorax.yaml').map(({ alert }) => alert)).toContain(name);
    }
  );

  it.each(['HighErrorRate', 'HighAPILatency', 'DatabaseConnectionPoolExhaustion'])(
    'keep the name that the second guide gave: %s',
    (name) => {
      expect(readRules('alerts/prometheus/sqlstudio.yaml').map(({ alert }) => alert)).toContain(name);
    }
  );
});

describe('the cases of an alert', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'alerts-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs promtool on a copy of an alert whose rule was changed. */
  const withRule = (pack: string, alert: string, change: (rule: Rule) => Rule) => {
    const source = `alerts/prometheus/tests/${pack}/${alert}`;
    const file = parse(readFileSync(`${source}.rules.yaml`, 'utf8')) as RuleFile;
    const changed = { groups: file.groups.map((group) => ({ ...group, rules: group.rules.map(change) })) };
    writeFileSync(join(folder, `${alert}.rules.yaml`), stringify(changed));
    writeFileSync(join(folder, `${alert}.test.yaml`), readFileSync(`${source}.test.yaml`, 'utf8'));
    return spawnSync('promtool', ['test', 'rules', join(folder, `${alert}.test.yaml`)], { encoding: 'utf8' }).status;
  };
  const all = SHIPPED_PACKS.flatMap(({ id }) =>
    readRules(`alerts/prometheus/${id}.yaml`).map((rule) => ({ pack: id, alert: rule.alert }))
  );

  it.each(all)('notice that $pack/$alert never fires', ({ pack, alert }) => {
    expect(withRule(pack, alert, (rule) => ({ ...rule, expr: `(${rule.expr}) and on () vector(1) == 2` }))).not.toBe(0);
  });

  it.each(all)('notice that $pack/$alert fires without a threshold', ({ pack, alert }) => {
    const loose = (expr: string) => expr.replace(/ > [\d.]+$/, ' > -1').replace(/ < [\d.]+$/, ' < 1e9');
    // `absent()` has no threshold to lose: there the hold is taken away.
    const isAbsent = (rule: Rule) => rule.expr.startsWith('(absent(');
    expect(
      withRule(pack, alert, (rule) =>
        isAbsent(rule) ? { ...rule, for: '0s' } : { ...rule, expr: loose(rule.expr), for: '0s' }
      )
    ).not.toBe(0);
  });

  it('must fire, be resolved, and be quiet twice', () => {
    const fires = { kind: 'fires', name: 'a', series: { x: '1' }, expect: { '1m': [{ says: 'x' }], '5m': [] } };
    const quiet = (kind: string) => ({ kind, name: 'b', series: { x: '1' }, expect: { '1m': [] } });
    const cases =
      (...list: unknown[]) =>
      () =>
        readAlertCases('X.yaml', { cases: list });
    expect(cases(fires, quiet('boundary'), quiet('quiet'))).not.toThrow();
    expect(cases({ ...fires, expect: { '1m': [{ says: 'x' }] } }, quiet('boundary'), quiet('quiet'))).toThrow(
      'resolved'
    );
    expect(cases(fires, fires, quiet('quiet'))).toThrow('kind boundary');
    expect(cases(fires, quiet('boundary'), { ...fires, kind: 'quiet' })).toThrow('kind quiet');
  });
});

describe('binding', () => {
  it('shortens windows, holds in proportion, and the address', () => {
    const text = ruleFiles(SHIPPED_PACKS, {
      bind: { window: '15s', hold: '10s' },
      baseUrl: 'http://127.0.0.1:13000',
    }).get('prometheus/gorax.yaml');
    const rules = (parse(text ?? '') as RuleFile).groups.flatMap(({ rules: list }) => [...list]);
    const of = (name: string) => rules.find(({ alert }) => alert === name);
    expect(of('HighErrorRate')?.expr).toContain('[15s]');
    expect(of('HighErrorRate')?.for).toBe('10s');
    expect(of('QueueBacklog')?.for).toBe('20s');
    expect(of('APIDown')?.for).toBe('2s');
    expect(of('APIDown')?.annotations['runbook_url']).toBe(
      'http://127.0.0.1:13000/a/liverunbooks-troubleshooting-app/runbooks/gorax/api-errors'
    );
  });

  it('refuses what is no parameter and what does not fit one', () => {
    expect(() => ruleFiles(SHIPPED_PACKS, { bind: { windwo: '15s' }, baseUrl: '' })).toThrow('windwo');
    expect(() => ruleFiles(SHIPPED_PACKS, { bind: { window: '15' }, baseUrl: '' })).toThrow('window');
    expect(() => ruleFiles(SHIPPED_PACKS, { bind: { window: '5m]) or vector(1' }, baseUrl: '' })).toThrow('window');
  });

  it.each([
    ['5m', '10s', '5m', '10s'],
    ['10m', '10s', '5m', '20s'],
    ['1m', '1s', '5m', '200ms'],
    ['1h30m', '10m', '5m', '3h'],
  ])('%s at %s instead of %s is %s', (duration, to, from, result) => {
    expect(scaleDuration(duration, to, from)).toBe(result);
  });
});
