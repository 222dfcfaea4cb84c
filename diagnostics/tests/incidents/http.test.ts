import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/load';
import type { IncidentEvent } from '../../src/incidents/event';
import type { Incident } from '../../src/incidents/incident';
import type { Written } from '../../src/incidents/log';
import { temporaryDirectory } from '../recorder/made';
import { serviceWithStores, post } from '../recorder/serviceWithStores';
import { ask, holds } from '../rig/client';

const ana = {
  UserID: 2,
  Login: 'ana',
  Email: 'ana@example.org',
  OrgID: 1,
  OrgRole: 'Editor',
  IsGrafanaAdmin: false,
  IsAnonymous: false,
  IsServiceAccount: false,
  Teams: null,
};
const as = (context: object | string) => ({
  'x-grafana-context': typeof context === 'string' ? context : JSON.stringify(context),
});
interface Failed {
  readonly error: { readonly code: string; readonly message: string; readonly mend: string };
}

describe('an incident', () => {
  it('is opened, worked on and resolved, and says who did what, in order', async () => {
    const service = await serviceWithStores();
    const opened = await ask<Written>(
      service,
      '/v1/incidents',
      post(
        { clientId: 'create-0001', title: 'Lock contention', severity: 'critical', runbook: 'gorax/lock-contention' },
        as(ana)
      )
    );
    expect(opened.status).toBe(201);
    holds('IncidentWritten', opened.body);
    const { id } = opened.body.incident;
    expect(id).toMatch(/^\d{8}-\d{4}-[a-z0-9]{5}$/);
    const steps = [
      { kind: 'acknowledge' },
      { kind: 'phase', phase: 'mitigating' },
      { kind: 'note', text: 'session 4711 holds the lock\nasked the team' },
      {
        kind: 'command-copied',
        runbook: 'gorax/lock-contention',
        fix: 'terminate-blocker',
        command: 'SELECT pg_terminate_backend(4711);',
      },
      { kind: 'fix-verified', runbook: 'gorax/lock-contention', fix: 'terminate-blocker', result: 'worked' },
      { kind: 'resolve', note: 'done' },
    ];
    for (const [index, step] of steps.entries()) {
      const answer = await ask<Written>(
        service,
        `/v1/incidents/${id}/events`,
        post({ clientId: `step-${index}-0001`, ...step }, as({ ...ana, UserID: 3, Login: 'ben' }))
      );
      expect(answer.status, JSON.stringify(answer.body)).toBe(201);
      holds('IncidentWritten', answer.body);
    }
    const { body } = await ask<{ incident: Incident; events: IncidentEvent[] }>(service, `/v1/incidents/${id}`);
    holds('IncidentWithEvents', body);
    expect(body.incident).toMatchObject({
      status: 'resolved',
      phase: 'mitigating',
      createdBy: { kind: 'user', login: 'ana', userId: 2, role: 'Editor' },
      acknowledgedBy: { login: 'ben' },
      resolvedBy: { login: 'ben' },
      events: 7,
    });
    expect(body.events.map((event) => event.kind)).toEqual(['create', ...steps.map((step) => step.kind)]);
    expect(body.events.map((event) => event.seq)).toEqual(
      [...body.events.map((event) => event.seq)].sort((a, b) => a - b)
    );
    const later = await ask<{ events: IncidentEvent[] }>(service, `/v1/incidents/${id}?after=${body.events[4]?.seq}`);
    expect(later.body.events.map((event) => event.kind)).toEqual(['fix-verified', 'resolve']);
    // The e-mail address is nobody's business.
    expect(JSON.stringify(body)).not.toContain('ana@');
  });

  it('is the same when it is sent again, and a conflict when the same id says something else', async () => {
    const service = await serviceWithStores();
    const body = { clientId: 'retry-00001', title: 'Slow', alert: { name: 'APIDown', labels: { b: '2', a: '1' } } };
    const first = await ask<Written>(service, '/v1/incidents', post(body, as(ana)));
    // Other order of keys, another person at the button.
    const reordered = {
      title: 'Slow',
      alert: { labels: { a: '1', b: '2' }, name: 'APIDown' },
      clientId: 'retry-00001',
    };
    const again = await ask<Written>(service, '/v1/incidents', post(reordered, as({ ...ana, Login: 'ben' })));
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual({ ...first.body, fresh: false });
    const other = await ask<Failed>(service, '/v1/incidents', post({ ...body, title: 'Slower' }));
    expect(other).toMatchObject({ status: 409, body: { error: { code: 'conflict' } } });
    holds('Error', other.body);
    const { id } = first.body.incident;
    const asEvent = await ask<Failed>(
      service,
      `/v1/incidents/${id}/events`,
      post({ clientId: 'retry-00001', kind: 'resolve' })
    );
    expect(asEvent.status).toBe(409);
    const listed = await ask<{ incidents: Incident[] }>(service, '/v1/incidents');
    expect(listed.body.incidents.map((incident) => incident.events)).toEqual([1]);
  });

  it('lists the newest first, page by page, and by status', async () => {
    const service = await serviceWithStores();
    const ids: string[] = [];
    for (let index = 0; index < 5; index++) {
      const { body } = await ask<Written>(
        service,
        '/v1/incidents',
        post({ clientId: `list-0000${index}`, title: `No ${index}` })
      );
      ids.unshift(body.incident.id);
    }
    await ask(service, `/v1/incidents/${ids[0]}/events`, post({ clientId: 'resolve-0001', kind: 'resolve' }));
    type Page = { incidents: Incident[]; next: number | null };
    const first = await ask<Page>(service, '/v1/incidents?limit=2');
    holds('Incidents', first.body);
    const second = await ask<Page>(service, `/v1/incidents?limit=2&before=${first.body.next}`);
    const third = await ask<Page>(service, `/v1/incidents?limit=2&before=${second.body.next}`);
    expect([first, second, third].flatMap((page) => page.body.incidents.map((incident) => incident.id))).toEqual(ids);
    expect(third.body.next).toBeNull();
    const open = await ask<Page>(service, '/v1/incidents?status=open');
    expect(open.body.incidents.map((incident) => incident.id)).toEqual(ids.slice(1));
  });
});

describe('who', () => {
  it.each([
    [
      'anonymous',
      { UserID: 0, Login: '', OrgRole: 'Viewer', IsAnonymous: true, Teams: null },
      { kind: 'anonymous', role: 'Viewer' },
    ],
    [
      'a service account',
      { ...ana, Login: 'sa-1', IsServiceAccount: true },
      { kind: 'service-account', login: 'sa-1' },
    ],
    ['a header that is no JSON', '{"Login":"root"', { kind: 'unknown', why: 'unreadable-header' }],
    [
      'two headers joined',
      `${JSON.stringify(ana)}, ${JSON.stringify(ana)}`,
      { kind: 'unknown', why: 'unreadable-header' },
    ],
    ['a list', [{ Login: 'root' }], { kind: 'unknown', why: 'unreadable-header' }],
    ['a login that is no text', { ...ana, Login: { $ne: null } }, { kind: 'unknown', why: 'unreadable-header' }],
  ])('%s', async (_, context, who) => {
    const service = await serviceWithStores();
    const { body } = await ask<Written>(
      service,
      '/v1/incidents',
      post({ clientId: 'who-000001', title: 'x' }, as(context))
    );
    holds('IncidentWritten', body);
    expect(body.event.who).toMatchObject(who);
  });

  it('is refused without the header, and nobody at all without the token', async () => {
    const service = await serviceWithStores({ requireIdentity: true });
    const body = { clientId: 'who-000001', title: 'x' };
    for (const headers of [{}, as('{"Login":"root"'), as([{ Login: 'root' }])]) {
      const refused = await ask<Failed>(service, '/v1/incidents', post(body, headers as Record<string, string>));
      holds('Error', refused.body);
      expect(refused).toMatchObject({ status: 403, body: { error: { code: 'no-identity' } } });
    }
    const opened = await ask<Written>(service, '/v1/incidents', post(body, as(ana)));
    expect(opened.status).toBe(201);
    const events = `/v1/incidents/${opened.body.incident.id}/events`;
    expect((await ask(service, events, post({ clientId: 'who-000003', kind: 'resolve' }))).status).toBe(403);
    // Reading names nobody, and a webhook is named by its token.
    expect((await ask(service, '/v1/incidents')).status).toBe(200);
    const smuggled = await fetch(`${service.url}/v1/incidents`, post({ clientId: 'who-000002', title: 'x' }, as(ana)));
    expect(smuggled.status).toBe(401);
  });

  it('is refused unless the configuration says that nobody is named', () => {
    const text = 'token: 0123456789abcdef\ntargets: [{id: a, kind: redis}]';
    expect(parseConfig(text, { file: 'x', env: {} }).requireIdentity).toBe(true);
  });

  it('is unknown without the header, where the configuration allows it', async () => {
    const service = await serviceWithStores();
    const { body } = await ask<Written>(service, '/v1/incidents', post({ clientId: 'who-000001', title: 'x' }));
    expect(body.event.who).toEqual({ kind: 'unknown', why: 'no-header' });
  });

  it('cannot be said in the body', async () => {
    const service = await serviceWithStores();
    const answer = await ask<Failed>(
      service,
      '/v1/incidents',
      post({ clientId: 'who-000001', title: 'x', who: { login: 'root' } })
    );
    expect(answer).toMatchObject({ status: 400, body: { error: { message: 'the body: there is no who' } } });
  });
});

describe('what is refused', () => {
  const long = 'x'.repeat(10_001);
  it.each([
    ['a note of more than 10 kB', { kind: 'note', text: long }, 400, 'text'],
    ['a note of more than 10 kB in bytes', { kind: 'note', text: 'é'.repeat(5001) }, 400, 'text'],
    ['an empty note', { kind: 'note', text: '  ' }, 400, 'text'],
    ['an unknown kind', { kind: 'delete' }, 400, 'kind'],
    ['an unknown phase', { kind: 'phase', phase: 'panic' }, 400, 'phase'],
    ['an unknown key', { kind: 'resolve', seq: 1 }, 400, 'seq'],
    ['a short client id', { kind: 'resolve', clientId: 'x' }, 400, 'clientId'],
    ['a body that is no object', '[]', 400, 'body'],
    ['no JSON', '{"clientId":', 400, 'JSON'],
    ['poisoned JSON', '{"clientId":"poison-001","kind":"resolve","__proto__":{"admin":true}}', 400, 'JSON'],
    ['a body of a megabyte', { kind: 'note', text: 'x'.repeat(1_000_000) }, 413, 'larger'],
  ])('%s', async (_, sent, status, word) => {
    const service = await serviceWithStores();
    const opened = await ask<Written>(service, '/v1/incidents', post({ clientId: 'create-0001', title: 'x' }));
    const path = `/v1/incidents/${opened.body.incident.id}/events`;
    const body = typeof sent === 'string' ? sent : { clientId: 'refused-0001', ...sent };
    const answer = await ask<Failed>(service, path, post(body));
    expect(answer.status, JSON.stringify(answer.body)).toBe(status);
    holds('Error', answer.body);
    expect(answer.body.error.message).toContain(word);
    expect(answer.body.error.mend).not.toBe('');
    const after = await ask<{ incident: Incident }>(service, `/v1/incidents/${opened.body.incident.id}`);
    expect(after.body.incident.events).toBe(1);
  });

  it('an incident that there is not, another type of body, a bad query', async () => {
    const service = await serviceWithStores();
    const missing = await ask<Failed>(
      service,
      '/v1/incidents/20260101-0000-aaaaa/events',
      post({ clientId: 'missing-001', kind: 'resolve' })
    );
    expect(missing).toMatchObject({ status: 404, body: { error: { code: 'unknown-incident' } } });
    const sql = await ask<Failed>(service, `/v1/incidents/${encodeURIComponent("x' OR '1'='1")}`);
    expect(sql).toMatchObject({ status: 404, body: { error: { code: 'unknown-incident' } } });
    const form = await ask<Failed>(service, '/v1/incidents', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'title=x',
    });
    expect(form.status).toBe(415);
    for (const query of [
      'limit=0',
      'limit=101',
      'limit=1;drop',
      'status=all',
      'before=-1',
      'before=1&before=2',
      'order=asc',
    ]) {
      const answer = await ask<Failed>(service, `/v1/incidents?${query}`);
      expect(answer.status, query).toBe(400);
      holds('Error', answer.body);
    }
  });

  it('everything, when nothing is configured: the answer says what to configure', async () => {
    const service = await serviceWithStores({ state: {} });
    for (const [path, init] of [
      ['/v1/incidents', {}],
      ['/v1/incidents', post({ clientId: 'create-0001', title: 'x' })],
      ['/v1/targets/gorax-redis/history?check=redis.memory', {}],
      ['/v1/rounds?at=1', {}],
      ['/v1/targets/gorax-redis/round?at=1', {}],
    ] as const) {
      const answer = await ask<Failed>(service, path, init);
      expect(answer.status, path).toBe(501);
      holds('Error', answer.body);
      expect(answer.body.error.mend).toContain('state.directory');
    }
  });

  it('writing, when the directory cannot be used, while the rest of the service goes on', async () => {
    const directory = join(temporaryDirectory(), 'blocked');
    writeFileSync(directory, 'a file where the directory should be');
    const service = await serviceWithStores({}, directory);
    const answer = await ask<Failed>(service, '/v1/incidents', post({ clientId: 'create-0001', title: 'x' }));
    expect(answer).toMatchObject({ status: 503, body: { error: { code: 'incidents-unavailable' } } });
    holds('Error', answer.body);
    expect(JSON.stringify(answer.body)).not.toContain(directory);
    expect((await ask(service, '/v1/rounds')).status).toBe(200);
    const health = await ask(service, '/healthz');
    holds('Health', health.body);
    expect(health.body).toMatchObject({
      status: 'ok',
      stores: { recorder: 'failing', evidence: 'failing', incidents: 'failing', estate: 'failing' },
    });
    const metrics = await ask<string>(service, '/metrics');
    expect(metrics.body).toContain('live_runbooks_store_up{store="incidents"} 0');
    expect(service.log()).toContain('cannot be opened');
  });
});

it('takes the secrets of the configuration out of what people paste', async () => {
  const service = await serviceWithStores();
  const { body } = await ask<Written>(
    service,
    '/v1/incidents',
    post({ clientId: 'secret-0001', title: 'x', note: 'redis-cli -a not-a-word-of-it info' })
  );
  expect(JSON.stringify(body)).not.toContain('not-a-word-of-it');
  expect(body.event.body.note).toContain('redis-cli');
  expect(service.log()).not.toContain('not-a-word-of-it');
});

it('keeps incidents over a restart', async () => {
  const first = await serviceWithStores();
  const { body } = await ask<Written>(first, '/v1/incidents', post({ clientId: 'create-0001', title: 'stays' }));
  await first.close();
  const second = await serviceWithStores({}, first.directory);
  const after = await ask<{ incident: Incident }>(second, `/v1/incidents/${body.incident.id}`);
  expect(after.body.incident).toEqual(body.incident);
});
