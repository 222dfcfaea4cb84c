import { describe, expect, it } from 'vitest';
import type { Answer } from '../src';
import { fakeAsk, PLUGIN, sourcesWith } from './recorded';

const packs = (answer: Answer) => sourcesWith(fakeAsk(() => answer)).packs();

describe('the packs of the diagnostics service', () => {
  it('asks once, and hands on each pack with its files and each problem with its place', async () => {
    const problem = { file: 'bad/slow.yaml', line: 16, column: 3, severity: 'error', rule: 'syntax', message: 'no' };
    const ask = fakeAsk(() => ({
      status: 200,
      body: {
        packs: [
          {
            folder: 'shop',
            hash: 'a',
            loadedAt: 1,
            files: { down: 'shop/down.yaml' },
            stale: true,
            pack: { id: 'shop' },
          },
        ],
        problems: [problem],
      },
    }));
    expect(await sourcesWith(ask).packs()).toEqual({
      packs: [{ folder: 'shop', files: { down: 'shop/down.yaml' }, stale: true, pack: { id: 'shop' } }],
      problems: [{ file: 'bad/slow.yaml', line: 16, severity: 'error', message: 'no' }],
    });
    expect(ask.requests).toEqual([{ method: 'GET', url: `/api/plugin-proxy/${PLUGIN}/diagnostics/v1/packs` }]);
  });

  it('asks nobody where there is no service, and has none', async () => {
    const ask = fakeAsk(() => ({ status: 500, body: '' }));
    expect(await sourcesWith(ask, { hasDiagnostics: false }).packs()).toEqual({ packs: [], problems: [] });
    expect(ask.requests).toEqual([]);
  });

  it('has none where the service is too old to know of packs', async () => {
    const body = { error: { code: 'not-found', message: 'there is no GET route like that', mend: '…' } };
    expect(await packs({ status: 404, body })).toEqual({ packs: [], problems: [] });
  });

  it.each<[string, Answer, RegExp]>([
    ['does not know the token', { status: 401, body: { error: { code: 'unauthorized' } } }, /set the service's token/],
    ['is down', { status: 502, body: '' }, /Grafana cannot reach the diagnostics service/],
    ['is none', { status: 200, body: {} }, /is that of the diagnostics service/],
    [
      'is reached by an older app',
      { status: 404, body: { message: 'plugin route match not found' } },
      /Restart Grafana/,
    ],
  ])('says how to mend it when the service %s: that is not the same as none', async (_what, answer, mend) => {
    expect(await packs(answer)).toMatchObject({ mend: expect.stringMatching(mend) });
  });

  it('keeps a problem of which it cannot read everything', async () => {
    expect(await packs({ status: 200, body: { packs: [7], problems: [{}] } })).toEqual({
      packs: [{ folder: '', files: {}, stale: false, pack: undefined }],
      problems: [{ file: 'a file', line: 1, severity: 'error', message: 'the service did not say what is wrong' }],
    });
  });
});
