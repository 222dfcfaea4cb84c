/**
 * Fifty writers, and the service is killed in the middle (SIGKILL, a real process). Every event that was answered is there
 * after the restart, once, in the order of its answer; what was not answered is sent again, and is there once too.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Addition, IncidentEvent } from '../../src/incidents/event';
import type { Incident } from '../../src/incidents/incident';
import type { Written } from '../../src/incidents/log';
import { closedPort, post } from '../recorder/serviceWithStores';
import { temporaryDirectory } from '../recorder/made';
import { ask, until } from '../rig/client';
import { TOKEN } from '../rig/secrets';

const WRITERS = 50;
const EACH = 24;
/** Killed as soon as this many were answered. */
const KILL_AT = 300;

async function startProcess(config: string, port: number) {
  const child: ChildProcess = spawn(
    process.execPath,
    ['--import', 'tsx', 'diagnostics/src/main.ts', '--config', config],
    {
      env: { ...process.env, DIAGNOSTICS_TOKEN: TOKEN },
      stdio: ['ignore', 'pipe', 'pipe'],
    }
  );
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const gone = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await gone;
  });
  const service = { url: `http://127.0.0.1:${port}`, port, close: () => Promise.resolve() };
  const up = () =>
    fetch(`${service.url}/healthz`).then(
      (response) => response.ok,
      () => false
    );
  await until(`the service is up; it said: ${said}`, up, (ok) => ok);
  return { child, gone, service, said: () => said };
}

it('an event that was answered survives kill -9, once and in order', async () => {
  const directory = temporaryDirectory();
  const port = await closedPort();
  const config = join(directory, 'config.yaml');
  mkdirSync(join(directory, 'state'));
  writeFileSync(
    config,
    [
      `listen: { host: 127.0.0.1, port: ${port} }`,
      'token: ${DIAGNOSTICS_TOKEN}',
      'state: { directory: state }',
      'requireIdentity: false',
      `targets: [{ id: gone, kind: redis, host: 127.0.0.1, port: ${await closedPort()} }]`,
    ].join('\n')
  );
  const first = await startProcess(config, port);
  const { body: opened } = await ask<Written>(
    first.service,
    '/v1/incidents',
    post({ clientId: 'incident-0001', title: 'Fifty people at once' })
  );
  const path = `/v1/incidents/${opened.incident.id}/events`;

  const answered = new Map<string, IncidentEvent>();
  let killed = false;
  const note = (writer: number, index: number): Addition => ({
    clientId: `writer-${writer}-${index}`,
    kind: 'note',
    text: `note ${index} of writer ${writer}`,
  });
  const write = async (writer: number): Promise<number> => {
    for (let index = 0; index < EACH; index++) {
      const answer = await ask<Written>(first.service, path, post(note(writer, index))).catch(() => undefined);
      if (answer?.status !== 201) {
        return index;
      }
      answered.set(answer.body.event.clientId, answer.body.event);
      if (answered.size >= KILL_AT && !killed) {
        killed = true;
        first.child.kill('SIGKILL');
      }
    }
    return EACH;
  };
  const reached = await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
  await first.gone;
  expect(first.child.signalCode).toBe('SIGKILL');
  expect(killed).toBe(true);
  // It really was in the middle: nobody had finished.
  expect(reached.filter((index) => index === EACH)).toEqual([]);

  const second = await startProcess(config, port);
  // Page by page, as every reader has to.
  const read = async () => {
    const events: IncidentEvent[] = [];
    for (let after = 0; ;) {
      const { body } = await ask<{ incident: Incident; events: IncidentEvent[]; next: number | null }>(
        second.service,
        `/v1/incidents/${opened.incident.id}?after=${after}`
      );
      events.push(...body.events);
      if (body.next === null) {
        return { incident: body.incident, events };
      }
      after = body.next;
    }
  };
  const kept = new Map((await read()).events.map((event) => [event.clientId, event]));
  for (const [id, event] of answered) {
    expect(kept.get(id)).toEqual(event);
  }

  // Everybody goes on where they were, and sends what was not answered again.
  await Promise.all(
    reached.map(async (from, writer) => {
      for (let index = Math.max(0, from - 1); index < EACH; index++) {
        const { status } = await ask<Written>(second.service, path, post(note(writer, index)));
        expect([200, 201]).toContain(status);
      }
    })
  );
  const { incident, events } = await read();
  const sequence = events.map((event) => event.seq);
  expect(sequence).toEqual([...new Set(sequence)].sort((a, b) => a - b));
  expect(new Set(events.map((event) => event.clientId)).size).toBe(events.length);
  expect(events).toHaveLength(1 + WRITERS * EACH);
  expect(incident).toMatchObject({ events: 1 + WRITERS * EACH, lastSeq: sequence.at(-1) });
  for (let writer = 0; writer < WRITERS; writer++) {
    const own = events.filter((event) => event.clientId.startsWith(`writer-${writer}-`));
    expect(own.map((event) => event.body.text)).toEqual(
      Array.from({ length: EACH }, (_, index) => `note ${index} of writer ${writer}`)
    );
  }
  for (const [id, event] of answered) {
    expect(events.find((each) => each.clientId === id)).toEqual(event);
  }
});
