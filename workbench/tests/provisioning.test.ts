import { expect, test } from 'vitest';
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
