/** What a pack's causes explain at other components, derived from the components that it declares. */
import { describe, expect, it } from 'vitest';

import { formatProblem, loadPack, type PackFiles } from '../../src/authoring/index';

const runbook = (id: string, of: string, symptom: string, causes: string) => `id: ${id}
title: T
summary: S
area: a
service: s
of: ${of}
severity: warning
symptoms: [${symptom}]
causes: ${causes}
`;
const signal = (effect: string) => `{ title: T, prometheus: x, test: { above: 0 }, effect: ${effect} }`;
const cause = (effect: string) =>
  `{ title: T, says: S, effects: [${effect}], evidence: [{ signal: api-slow, present: strong }] }`;

const FILES: PackFiles = {
  'r/shop/pack.yaml': `id: shop
title: Shop
description: D
uses: [database, service]
components:
  api: { title: the API, kinds: [service], dependsOn: [db, { to: mail, carries: [errors] }] }
  queue: { title: the queue, drainedBy: [worker] }
  worker: { title: the worker, kinds: [service], dependsOn: [db] }
  db: { title: the database, kinds: [database] }
  mail: { title: the mail service }
`,
  'r/shop/slow.yaml': runbook(
    'slow',
    'api',
    'api-slow',
    '{ held: { use: database/held }, busy: { use: service/busy } }'
  ),
  'r/shop/backlog.yaml': runbook(
    'backlog',
    'queue',
    'deep',
    '{ held: { use: database/held }, few: { use: service/busy, at: worker } }'
  ),
  'r/shop/mailing.yaml': runbook(
    'mailing',
    'mail',
    'mail-slow',
    `{ late: ${cause('latency')}, down: ${cause('unavailable')} }`
  ),
  'r/shop/signals/own.yaml': `deep: ${signal('backlog')}\nmail-slow: ${signal('latency')}\nfull: ${signal('saturation, at: worker')}\n`,
  'r/kinds/service/signals/s.yaml': `api-slow: ${signal('latency')}\n`,
  'r/kinds/service/causes/c.yaml': `busy: ${cause('latency')}\n`,
  'r/kinds/database/causes/c.yaml': `held: ${cause('latency')}\n`,
};

const load = (files: PackFiles) => {
  const loaded = loadPack(files, 'r/shop');
  if (!loaded.ok) {
    throw new Error(loaded.problems.map(formatProblem).join('\n'));
  }
  return loaded.pack;
};
const causeOf = (id: string, book: string) =>
  load(FILES)
    .runbooks.find((each) => each.id === book)
    ?.causes.find((each) => each.id === id);

describe('a pack with components', () => {
  it('has each cause at the nearest component of its kind, unless it says another', () => {
    expect([causeOf('held', 'slow')?.at, causeOf('held', 'backlog')?.at]).toEqual(['db', 'db']);
    expect([causeOf('busy', 'slow')?.at, causeOf('few', 'backlog')?.at]).toEqual(['api', 'worker']);
    expect(causeOf('late', 'mailing')?.at).toBe('mail');
  });

  it('has each signal of trouble at the component of its kind or of its runbook, unless it says another', () => {
    const { signals } = load(FILES);
    expect(Object.fromEntries(Object.values(signals).map(({ id, at }) => [id, at]))).toEqual({
      ...{ 'api-slow': 'api', deep: 'queue', 'mail-slow': 'mail', full: 'worker' },
    });
  });

  it('explains the runbooks of whoever depends on the component of the cause', () => {
    expect(causeOf('held', 'slow')?.explains).toEqual(['backlog', 'slow']);
  });

  it('explains at the queue what its consumers suffer', () => {
    expect(causeOf('few', 'backlog')?.explains).toEqual(['backlog']);
  });

  it('explains only what an arrow carries', () => {
    // Mail that is slow does not make the API slow; mail that is not there makes it fail, which no runbook of the API shows.
    expect([causeOf('late', 'mailing')?.explains, causeOf('down', 'mailing')?.explains]).toEqual([['mailing'], []]);
  });

  it.each([
    ['a component that is not there', 'r/shop/pack.yaml', 'dependsOn: [db, ', 'dependsOn: [dbb, ', 'component'],
    ['a runbook of a component that is not there', 'r/shop/slow.yaml', 'of: api', 'of: apo', 'did you mean `api`'],
    [
      'a signal of a component that is not there',
      'r/shop/signals/own.yaml',
      'at: worker',
      'at: workr',
      'did you mean `worker`',
    ],
    [
      'a cause at a component that is not there',
      'r/shop/backlog.yaml',
      'at: worker',
      'at: workr',
      'did you mean `worker`',
    ],
    ['a runbook that says of none', 'r/shop/slow.yaml', 'of: api\n', '', 'add `of`, one of api, queue'],
  ])('refuses %s', (_, file, from, to, message) => {
    const text = FILES[file] ?? '';
    expect(text).toContain(from);
    const found = loadPack({ ...FILES, [file]: text.replace(from, to) }, 'r/shop').problems.map(formatProblem);
    expect(found.join('\n')).toContain(message);
  });
});
