import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { expandEnvironment } from '../src/server/provisioning/environment';

test('the environment is filled in everywhere, as Grafana does', () => {
  const document = {
    url: '$URL',
    list: ['${URL}/x', 5],
    nested: { token: 'a$TOKEN', price: '5$$', unset: '$NONE', literal: true },
  };
  expect(expandEnvironment(document, { URL: 'http://a', TOKEN: 'b' })).toEqual({
    url: 'http://a',
    list: ['http://a/x', 5],
    nested: { token: 'ab', price: '5$', unset: '', literal: true },
  });
});

test.each(['datasources', 'plugins', 'dashboards', 'alerting'])(
  'provisioning/%s is there and holds nothing but YAML with a version: Grafana logs an error for anything else',
  (kind) => {
    const folder = path.join('provisioning', kind);
    const names = readdirSync(folder);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      expect(name).toMatch(/\.ya?ml$/);
      expect(parse(readFileSync(path.join(folder, name), 'utf8'))).toMatchObject({ apiVersion: 1 });
    }
  }
);
