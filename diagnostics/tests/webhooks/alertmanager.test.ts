/** A real Alertmanager calls the webhook, with the configuration that docs/ recommends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Evidence } from '../../src/evidence/shelf';
import { closedPort, serviceWithStores } from '../recorder/serviceWithStores';
import { temporaryDirectory } from '../recorder/made';
import { ask, until } from '../rig/client';
import { TOKEN } from '../rig/secrets';

it('the alert of a real Alertmanager finds its evidence kept, once', async () => {
  const service = await serviceWithStores();
  const directory = temporaryDirectory();
  const port = await closedPort();
  writeFileSync(
    join(directory, 'alertmanager.yml'),
    `route: { receiver: live-runbooks, group_wait: 0s, group_interval: 1s, repeat_interval: 2s }
receivers:
  - name: live-runbooks
    webhook_configs:
      - url: ${service.url}/v1/alerts
        http_config: { authorization: { type: Bearer, credentials: ${TOKEN} } }
`
  );
  mkdirSync(join(directory, 'data'));
  const child = spawn(
    'prometheus-alertmanager',
    [
      `--config.file=${join(directory, 'alertmanager.yml')}`,
      `--storage.path=${join(directory, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ],
    { stdio: 'ignore' }
  );
  const gone = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await gone;
  });
  const url = `http://127.0.0.1:${port}`;
  const ready = () =>
    fetch(`${url}/-/ready`).then(
      (response) => response.ok,
      () => false
    );
  await until('Alertmanager is ready', ready, (ok) => ok);
  const startsAt = new Date(Date.now() - 30_000);
  const fire = () =>
    fetch(`${url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([
        { labels: { alertname: 'RedisDown', severity: 'critical' }, startsAt: startsAt.toISOString() },
      ]),
    });
  expect((await fire()).status).toBe(200);
  interface Answer {
    occurrences: unknown[];
    evidence: Evidence | null;
  }
  const { evidence, occurrences } = await until(
    'the evidence is there',
    () => ask<Answer>(service, '/v1/alerts/evidence?name=RedisDown').then((answer) => answer.body),
    (body) => body.evidence !== null
  );
  expect(evidence).toMatchObject({
    source: 'alertmanager',
    startsAt: startsAt.getTime(),
    labels: { alertname: 'RedisDown', severity: 'critical' },
  });
  expect(evidence?.fingerprint).toMatch(/^[0-9a-f]{16}$/);
  expect(new Set(evidence?.rounds.map((round) => round.target)).size).toBe(2);
  expect(occurrences).toHaveLength(1);
  // Alertmanager repeats itself; the second time nothing is taken.
  const sent = () =>
    ask<string>(service, '/metrics').then(({ body }) =>
      Number(/http_requests_total\{method="POST",route="\/v1\/alerts",status="200"\} (\d+)/.exec(body)?.[1] ?? 0)
    );
  await until('it was sent again', sent, (times) => times >= 2);
  const again = await ask<Answer>(service, '/v1/alerts/evidence?name=RedisDown');
  expect(again.body.occurrences).toHaveLength(1);
  expect(again.body.evidence).toEqual(evidence);
});
