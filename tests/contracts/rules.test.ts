import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Workbench } from '../../workbench/src/server';
import { startFixtureWorkbench } from '../../workbench/tests/servers/fixtureWorkbench';
import { freePort, startPrometheus, until, type RunningServer } from '../../workbench/tests/servers/prometheus';
import { recorded } from './recorded';
import { startRecordedLoki, type RecordedLoki } from './recordedLoki';
import { replay } from './replay';
import { shapeDifferences } from './shape';

const RULES = `groups:
  - name: demo
    rules:
      - alert: AlwaysFiring
        expr: vector(1) > 0
        labels: { service: gorax-api, severity: critical }
        annotations:
          summary: Always firing
          description: 'Value is {{ $value }}'
          runbook_url: /a/triage-troubleshooting-app/overview
      - alert: NeverFiring
        expr: up == 0
        for: 1m
        labels: { service: gorax-api, severity: warning }
        annotations: { summary: Target down }
      - record: job:up:sum
        expr: sum by (job) (up)
`;

let prometheus: RunningServer;
let loki: RecordedLoki;
let workbench: Workbench;

beforeAll(async () => {
  [prometheus, loki] = await Promise.all([
    startPrometheus({ past: '# TYPE up gauge\nup 1 1795288459\n# EOF\n', rules: RULES }),
    startRecordedLoki(),
  ]);
  workbench = await startFixtureWorkbench({ PROMETHEUS_URL: prometheus.url, LOKI_URL: loki.url });
});
afterAll(async () => {
  await workbench?.close();
  await Promise.all([prometheus?.stop(), loki?.stop()]);
});

interface Answer {
  data: { groups: Array<{ file: string; rules: Array<{ name: string; state?: string; alerts?: unknown[] }> }> };
}

test('rules of a real Prometheus, in the recorded shape', async () => {
  const exchange = recorded('grafana-12.2.0', 'rules-datasource');
  const ask = async () => (await replay(workbench.url, exchange)).body as Answer;
  await until(async () => (await ask()).data.groups[0]?.rules[0]?.state === 'firing');
  const body = await ask();
  expect(shapeDifferences(exchange.response.body, body)).toEqual([]);
  const names = (answer: Answer) =>
    answer.data.groups[0]?.rules.slice(0, 2).map((rule) => [rule.name, rule.state, rule.alerts?.length]);
  expect(names(body)).toEqual(names(exchange.response.body as Answer));
});

test('rules of Loki: equal to what Grafana made of the same answer', async () => {
  loki.ruler = true;
  const exchange = recorded('grafana-12.2.0', 'rules-loki-with-ruler');
  expect((await replay(workbench.url, exchange)).body).toEqual(exchange.response.body);
});

test('a Loki whose ruler is off has no rules', async () => {
  loki.ruler = false;
  const exchange = recorded('grafana-12.2.0', 'rules-loki-without-ruler');
  expect(await replay(workbench.url, exchange)).toMatchObject({ status: 200, body: exchange.response.body });
});

test('Grafana itself answers with no rules', async () => {
  const answer = await replay(workbench.url, recorded('grafana-12.2.0', 'rules-grafana'));
  expect(answer).toMatchObject({ status: 200, body: { status: 'success', data: { groups: [] } } });
});

test('a Prometheus that cannot be asked is an error, never an empty list', async () => {
  const gone = await startFixtureWorkbench({ PROMETHEUS_URL: `http://127.0.0.1:${await freePort()}` });
  try {
    const { status, body } = await replay(gone.url, recorded('grafana-12.2.0', 'rules-datasource'));
    expect(status).toBe(502);
    expect(JSON.stringify(body)).toMatch(/connection refused/);
  } finally {
    await gone.close();
  }
});
