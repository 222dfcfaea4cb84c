import { PLUGIN_ID } from '../../src/constants';
import { expect } from '@playwright/test';
import { test } from './estateTest';

const incidents = `/api/plugin-proxy/${PLUGIN_ID}/diagnostics/v1/incidents`;
const creation = {
  clientId: 'end-to-end-incident',
  title: 'Sessions wait for a lock',
  runbook: 'gorax/lock-contention',
};

test('reading incidents and writing them are separate permissions, and the author is the signed-in person', async ({
  page,
}) => {
  await page.goto('/?as=viewer');
  expect((await page.request.get(incidents)).status(), 'a viewer reads').toBe(200);
  expect((await page.request.post(incidents, { data: creation })).status(), 'a viewer does not write').toBe(403);

  await page.goto('/?as=editor');
  const created = await page.request.post(incidents, { data: creation });
  expect(created.status(), 'an editor writes').toBe(201);
  const { incident } = (await created.json()) as { incident: { id: string; title: string } };
  expect((await page.request.post(incidents, { data: creation })).status(), 'the same again is the same incident').toBe(
    200
  );

  const events = `${incidents}/${incident.id}/events`;
  const note = { clientId: 'end-to-end-note', kind: 'note', text: 'The holder is a worker.' };
  expect((await page.request.post(events, { data: note })).status()).toBe(201);
  const read = (await (await page.request.get(`${incidents}/${incident.id}`)).json()) as {
    events: ReadonlyArray<{ kind: string; who: { login: string } }>;
  };
  expect(read.events.map(({ kind }) => kind)).toEqual(['create', 'note']);
  expect(new Set(read.events.map(({ who }) => who.login)).size, 'one author').toBe(1);
  expect(read.events[0]?.who.login).not.toBe('');
});
