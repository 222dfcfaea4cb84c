import React from 'react';
import { MemoryRouter } from 'react-router-dom';
import { of, throwError } from 'rxjs';
import { parse } from 'yaml';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { EstateSettings } from '@live-runbooks/engine';
import { config, setBackendSrv, type BackendSrv, type BackendSrvRequest } from '@grafana/runtime';
import { saveSettings } from '../../grafana/savedSettings';
import type { Settings } from '../../grafana/settings';
import { watchClipboard } from '../../testing/clipboard';
import { WEB_KIND } from '../../testing/kinds';
import { testPack } from '../../testing/pack';
import { testIds } from '../testIds';
import AppConfig, { type AppConfigProps } from './AppConfig';

vi.mock('../../packs/loadPacks', () => ({ loadPacks: () => Promise.resolve([testPack()]) }));
vi.mock('../../packs/loadKinds', () => ({ loadKinds: () => Promise.resolve([WEB_KIND]) }));
vi.mock('@grafana/runtime', async (original) => ({
  ...(await original<typeof import('@grafana/runtime')>()),
  DataSourcePicker: ({ current }: { current: string | null }) => <div>{current ?? 'none'}</div>,
}));

/** A pack of the service that declares the service which `found` answers, and says how its rates are to be read. */
const declaring = (id: string, window: string) => ({
  ...{ folder: id, files: {}, stale: false },
  pack: {
    ...{ ...testPack(), id, title: `Pack ${id}`, runbooks: [] },
    components: [
      {
        ...{ id: 'front', title: `The front of ${id}`, kinds: ['web'] },
        as: [{ kind: 'web', dialect: 'golang', is: { job: 'web' }, with: { window } }],
      },
    ],
    arrows: [],
  },
});

const ids = testIds.config;
const requests: BackendSrvRequest[] = [];
/** What Grafana answers, by the part of the address. */
let answers: Array<readonly [string, () => unknown]> = [];
const ok = (data: unknown) => () => of({ status: 200, data });
const refuse = (status: number, data: unknown) => () => throwError(() => ({ status, data, statusText: '' }));
/** Every discovery query answers one service. */
const found = () => {
  const asked = requests.at(-1)?.data as { queries: Array<{ refId: string }> };
  const field = { name: 'Value', type: 'number', labels: { job: 'web' } };
  const frame = { schema: { fields: [{ name: 'Time', type: 'time' }, field] }, data: { values: [[Date.now()], [1]] } };
  return of({
    status: 200,
    data: {
      results: Object.fromEntries(
        asked.queries.map(({ refId }) => [refId, { status: 200, frames: refId.includes('.web.') ? [frame] : [] }])
      ),
    },
  });
};
const targets = ok({ targets: [{ id: 'a', kind: 'postgres', title: 'Shop Postgres' }] });

/** What the service keeps, and answers to a write over another version. */
let kept: { version: string; estate: EstateSettings | null };
const estateOfService = () => {
  const { method, headers, data } = requests.at(-1) as BackendSrvRequest & { headers?: Record<string, string> };
  if (method === 'PUT' && headers?.['If-Match'] !== `"${kept.version}"`) {
    return refuse(412, { error: { code: 'estate-changed', message: 'it was changed', mend: 'Read it again.' } })();
  }
  kept = method === 'PUT' ? { version: `${kept.version}+`, estate: data as EstateSettings } : kept;
  return ok({ ...kept, writtenAt: 1, writtenBy: { kind: 'user', login: 'ana' } })();
};

beforeEach(() => {
  requests.length = 0;
  kept = { version: '0', estate: null };
  config.bootData = { user: { orgRole: 'Admin' } } as typeof config.bootData;
  answers = [
    ['/settings', ok({})],
    ['/v1/targets', targets],
    ['/v1/packs', ok({ packs: [], problems: [] })],
    ['/v1/estate', () => estateOfService()],
    ['/api/ds/query', refuse(404, { message: 'Data source not found' })],
  ];
  setBackendSrv({
    fetch: (request: BackendSrvRequest) => {
      requests.push(request);
      return answers.find(([part]) => request.url.includes(part))?.[1]() ?? refuse(500, {})();
    },
  } as unknown as BackendSrv);
});

async function open(jsonData: Settings = {}, tokenStored = false) {
  // What an earlier test saved stands in this process: it is as if it had been saved just now.
  const [asked, told] = [[...requests], answers];
  answers = [['/settings', ok({})]];
  await saveSettings({ settings: jsonData, enabled: true, pinned: true });
  answers = told;
  requests.splice(0, requests.length, ...asked);
  const meta = { enabled: true, pinned: true, jsonData, secureJsonFields: { diagnosticsToken: tokenStored } };
  render(
    <MemoryRouter>
      <AppConfig {...({ plugin: { meta } } as unknown as AppConfigProps)} />
    </MemoryRouter>
  );
}
const result = async (source: string) =>
  waitFor(() => {
    const row = screen.getByTestId(ids.testResult).querySelector(`[data-source="${source}"]`);
    expect(row).not.toBeNull();
    return row as HTMLElement;
  });
const posted = () =>
  requests.find((r) => r.method === 'POST' && r.url.includes('/settings'))?.data as Record<string, unknown>;

describe('the configuration', () => {
  it('saves what was typed, the token as a secret, and tests it', async () => {
    await open({ prometheusUid: 'prom' });
    await userEvent.type(screen.getByTestId(ids.url), 'http://diagnostics:8090/');
    await userEvent.type(screen.getByTestId(ids.token), 'secret');
    await userEvent.click(screen.getByTestId(ids.save));
    expect(await result('diagnostics')).toHaveAttribute('data-state', 'reachable');
    expect(screen.getByTestId(ids.testResult)).toHaveTextContent('Shop Postgres (postgres)');
    expect(posted()).toEqual({
      enabled: true,
      pinned: true,
      jsonData: { diagnosticsUrl: 'http://diagnostics:8090', prometheusUid: 'prom' },
      secureJsonData: { diagnosticsToken: 'secret' },
    });
    expect(screen.getByTestId(ids.saved)).toBeInTheDocument();
    expect(document.body).not.toHaveTextContent('secret');
  });

  it('keeps the stored token when it was not touched', async () => {
    await open({ diagnosticsUrl: 'http://d:1' }, true);
    await userEvent.click(screen.getByTestId(ids.save));
    await result('diagnostics');
    expect(posted()).not.toHaveProperty('secureJsonData');
  });

  it.each([
    ['a wrong token', 401, { error: { code: 'unauthorized', message: 'wrong token' } }, 'forbidden', /token/i],
    [
      'an unreachable service',
      502,
      { message: '', error: 'Bad Gateway', response: '' },
      'unreachable',
      /cannot reach/i,
    ],
    [
      'a role without the right',
      403,
      { message: 'plugin proxy route access denied' },
      'forbidden',
      /403|permission|role/i,
    ],
  ])('says exactly what failed: %s', async (_what, status, body, state, words) => {
    answers = answers.map((a) => (a[0] === '/v1/targets' ? [a[0], refuse(status, body)] : a));
    await open({ diagnosticsUrl: 'http://d:1' }, true);
    await userEvent.click(screen.getByTestId(ids.test));
    const row = await result('diagnostics');
    expect(row).toHaveAttribute('data-state', state);
    expect(row.textContent).toMatch(words);
  });

  it('says that a chosen data source does not exist', async () => {
    await open({ prometheusUid: 'gone' });
    await userEvent.click(screen.getByTestId(ids.test));
    expect(await result('prometheus')).toHaveAttribute('data-state', 'missing');
    expect(await result('prometheus')).toHaveTextContent('404');
  });

  it('does not save an address that is none, and says what to give', async () => {
    await open();
    await userEvent.type(screen.getByTestId(ids.url), 'diagnostics');
    expect(screen.getByTestId(ids.save)).toBeDisabled();
    expect(screen.getByTestId(ids.form)).toHaveTextContent('Give a whole address');
  });

  it('tells why Grafana refused to save', async () => {
    answers = answers.map((a) => (a[0] === '/settings' ? [a[0], refuse(403, { message: 'Access denied' })] : a));
    await open({ diagnosticsUrl: 'http://d:1' }, true);
    await userEvent.click(screen.getByTestId(ids.save));
    expect(await screen.findByTestId(testIds.page.banner)).toHaveTextContent(
      'only an admin may change it (403: Access denied)'
    );
    expect(screen.queryByTestId(ids.saved)).not.toBeInTheDocument();
  });

  it('checks the parameters of a pack against their kind', async () => {
    await open();
    const field = await screen.findByTestId(ids.parameter('shop', 'window'));
    await userEvent.type(field, 'soon');
    expect(screen.getByTestId(ids.form)).toHaveTextContent(/not a duration/);
  });

  it('shows each pack and where it comes from, and what is wrong with one of the service', async () => {
    const ours = { folder: 'ours', files: {}, stale: false, pack: { ...testPack(), id: 'ours', title: 'Ours' } };
    const problems = [{ file: 'bad/pack.yaml', line: 3, severity: 'error', message: 'give it a title' }];
    answers = answers.map((a) => (a[0] === '/v1/packs' ? [a[0], ok({ packs: [ours], problems })] : a));
    await open({ diagnosticsUrl: 'http://d:1' }, true);
    expect(await screen.findByTestId(ids.pack('ours'))).toHaveTextContent('from the service: ours/pack.yaml');
    expect(screen.getByTestId(ids.pack('shop'))).toHaveTextContent('built in');
    expect(screen.getByTestId(testIds.packProblems)).toHaveTextContent('bad/pack.yaml:3 give it a title');
  });

  it('adopts, names, and joins what was found, and gives it as a text', async () => {
    answers = answers.map((a) => (a[0] === '/api/ds/query' ? [a[0], found] : a));
    await open({ prometheusUid: 'prom' });
    const entry = await screen.findByTestId(ids.component('web'));
    expect(entry).toHaveTextContent('web Web service (client_golang) · job="web"');
    await userEvent.click(screen.getByTestId(ids.adopt('web')));
    await userEvent.type(screen.getByTestId(ids.componentTitle('web')), 'Shop');
    await userEvent.type(screen.getByTestId(ids.dependsOn('web')), 'cart, db');
    await userEvent.type(screen.getByTestId(ids.value('web', 'web', 'window')), '1m');
    await userEvent.click(screen.getByTestId(ids.save));
    const components = {
      web: {
        adopt: true,
        kinds: [{ kind: 'web', dialect: 'golang', is: { job: 'web' }, with: {} }],
        title: 'Shop',
        dependsOn: ['cart', 'db'],
        with: { web: { window: '1m' } },
      },
    };
    await screen.findByTestId(ids.saved);
    expect(posted()).toMatchObject({ jsonData: { estate: { components } } });
    const copied = watchClipboard();
    await userEvent.click(screen.getByTestId(ids.copyEstate));
    await waitFor(() => expect(parse(copied[0] ?? '')).toEqual({ components }));
  });

  it('shows what a pack declares as that of the team, with the values of the pack, and changes them', async () => {
    answers = answers.map((a) =>
      a[0] === '/api/ds/query'
        ? [a[0], found]
        : a[0] === '/v1/packs'
          ? [a[0], ok({ packs: [declaring('ours', '2m')], problems: [] })]
          : a
    );
    const adopted = [{ kind: 'web', dialect: 'golang', is: { job: 'web' } }];
    kept = { version: '1', estate: { components: { web: { adopt: true, title: 'Shop', kinds: adopted } } } };
    await open({ prometheusUid: 'prom', diagnosticsUrl: 'http://d:1' }, true);
    const entry = await screen.findByTestId(ids.component('ours.front'));
    expect(entry).toHaveTextContent('Shop Web service (client_golang) · job="web" · declared by Pack ours');
    expect(entry).toHaveTextContent('Declared by Pack ours: it is yours.');
    expect(screen.queryByTestId(ids.component('web'))).not.toBeInTheDocument();
    expect(screen.queryByTestId(ids.adopt('ours.front'))).not.toBeInTheDocument();
    expect(screen.getByTestId(ids.pack('ours'))).toHaveTextContent('from the service: ours/pack.yaml · 1 component');
    expect(screen.queryByTestId(ids.parameter('ours', 'window'))).not.toBeInTheDocument();
    await userEvent.clear(screen.getByTestId(ids.componentTitle('ours.front')));
    await userEvent.type(screen.getByTestId(ids.componentTitle('ours.front')), 'Front');
    await userEvent.click(screen.getByTestId(ids.save));
    await screen.findByTestId(ids.saved);
    // What was said under the id of before stands under the present one.
    expect(kept.estate).toEqual({ components: { 'ours.front': { adopt: true, title: 'Front', kinds: adopted } } });
  });

  it('shows what two packs say differently of one component', async () => {
    const packs = [declaring('ours', '2m'), declaring('theirs', '3m')];
    answers = answers.map((a) => (a[0] === '/v1/packs' ? [a[0], ok({ packs, problems: [] })] : a));
    await open({ prometheusUid: 'prom', diagnosticsUrl: 'http://d:1' }, true);
    expect(await screen.findByTestId(testIds.packProblems)).toHaveTextContent(
      'theirs/pack.yaml:1 `theirs/front` and `ours/front` are one web, and differ: window is `3m` here and `2m` in ours/pack.yaml'
    );
  });

  describe('with a service that keeps the estate', () => {
    const WEB = { web: { title: 'Shop' } };
    const openWithService = async (settings: Settings = {}) => {
      answers = answers.map((a) => (a[0] === '/api/ds/query' ? [a[0], found] : a));
      await open({ prometheusUid: 'prom', diagnosticsUrl: 'http://d:1', ...settings }, true);
      await screen.findByTestId(ids.component('web'));
    };
    const lastPosted = () =>
      requests.filter((r) => r.method === 'POST' && r.url.includes('/settings')).at(-1)?.data as { jsonData: Settings };

    it('writes through it, and nothing of it to the settings', async () => {
      await openWithService();
      expect(screen.getByTestId(ids.estateHome)).toHaveAttribute('data-where', 'service');
      await userEvent.type(screen.getByTestId(ids.componentTitle('web')), 'Shop');
      await userEvent.click(screen.getByTestId(ids.save));
      await screen.findByTestId(ids.saved);
      expect(kept.estate).toEqual({ components: WEB });
      expect(lastPosted().jsonData).not.toHaveProperty('estate');
    });

    it('moves there what the settings hold, once, and only then takes it from the settings', async () => {
      await openWithService({ estate: { components: WEB } });
      expect(screen.getByTestId(ids.estateToMove)).toBeInTheDocument();
      expect(screen.getByTestId(ids.component('web'))).toHaveTextContent('Shop');
      await userEvent.click(screen.getByTestId(ids.save));
      await screen.findByTestId(ids.saved);
      expect(kept.estate).toEqual({ components: WEB });
      expect(requests.filter(({ method }) => method === 'PUT')).toHaveLength(1);
      expect(lastPosted().jsonData).not.toHaveProperty('estate');
    });

    it('loses no change of somebody else: both are shown, and saved when somebody has looked', async () => {
      await openWithService();
      await userEvent.type(screen.getByTestId(ids.componentTitle('web')), 'Shop');
      kept = { version: '7', estate: { components: { cart: { hide: true } } } };
      await userEvent.click(screen.getByTestId(ids.save));
      expect(await screen.findByTestId(ids.estateClash)).toHaveTextContent('ana changed the estate meanwhile');
      expect(screen.queryByTestId(ids.saved)).not.toBeInTheDocument();
      expect(kept.version).toBe('7');
      await userEvent.click(screen.getByTestId(ids.save));
      await screen.findByTestId(ids.saved);
      expect(kept.estate).toEqual({ components: { ...WEB, cart: { hide: true } } });
    });

    it('keeps which packs are off', async () => {
      await openWithService();
      await userEvent.click(screen.getByTestId(ids.packOn('shop')));
      expect(screen.getByTestId(ids.pack('shop'))).toHaveTextContent('off · built in');
      await userEvent.click(screen.getByTestId(ids.save));
      await screen.findByTestId(ids.saved);
      expect(kept.estate).toEqual({ packs: { shop: { off: true } } });
    });

    it('changes nothing while it cannot be asked, and says so: that is not an empty estate', async () => {
      answers = answers.map((a) => (a[0] === '/v1/estate' ? [a[0], refuse(502, '')] : a));
      await openWithService({ estate: { components: WEB } });
      expect(screen.getByTestId(ids.estateFailure)).toHaveTextContent('The estate is not known now.');
      expect(screen.getByTestId(ids.adopt('web'))).toBeDisabled();
      await userEvent.click(screen.getByTestId(ids.save));
      await screen.findByTestId(ids.saved);
      expect(lastPosted().jsonData.estate).toEqual({ components: WEB });
      expect(requests.some(({ method }) => method === 'PUT')).toBe(false);
    });
  });

  it('says when what there is cannot be found out', async () => {
    await open({ prometheusUid: 'gone' });
    await waitFor(() =>
      expect(screen.getByTestId(ids.components)).toHaveTextContent('Not known: which components there are.')
    );
  });

  it('tells others whom to ask', async () => {
    config.bootData = { user: { orgRole: 'Viewer' } } as typeof config.bootData;
    await open();
    expect(screen.getByTestId(ids.forbidden)).toHaveTextContent('Only an admin');
    expect(screen.queryByTestId(ids.form)).not.toBeInTheDocument();
  });
});
