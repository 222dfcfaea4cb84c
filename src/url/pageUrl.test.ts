import { describe, expect, it } from 'vitest';
import { PLUGIN_BASE_URL } from '../constants';
import { readRunbookUrl, runbookUrl, triageUrl } from './links';
import { changePageUrl, readPageUrl } from './pageUrl';

const NOW = Date.UTC(2026, 10, 21, 10, 8, 12);
const read = (text: string) => readPageUrl(new URLSearchParams(text), NOW);

describe('the state in the URL', () => {
  it('is read back as it was written', () => {
    const state = {
      at: NOW - 60_000,
      unreadableTime: undefined,
      refresh: 30,
      pack: 'gorax',
      watch: { fix: 'terminate-blocker', copiedAt: NOW - 90_000, typed: { columns: 'a, b DESC' } },
      params: { postgres: 'a b&c', window: '1m' },
    };
    expect(readPageUrl(changePageUrl(new URLSearchParams(), state), NOW)).toEqual(state);
  });

  it('is the present without parameters when it is empty', () => {
    expect(read('')).toEqual({
      at: undefined,
      unreadableTime: undefined,
      refresh: undefined,
      pack: undefined,
      watch: undefined,
      params: {},
    });
  });

  it.each(['refresh=often', 'refresh=-1', 'watch=x', 'watch=@5', 'var-=x', 'var-a='])(
    'leaves out what it cannot read: %s',
    (text) => {
      expect(read(text)).toEqual(read(''));
    }
  );

  it('reads a time as a person may type it', () => {
    expect(read('at=2026-11-21T09:08:12Z').at).toBe(NOW - 3_600_000);
  });

  it('changes only what is named, and removes what is undefined', () => {
    const search = new URLSearchParams('at=5&pack=gorax&var-a=1&orgId=2');
    expect(changePageUrl(search, { at: undefined }).toString()).toBe('pack=gorax&var-a=1&orgId=2');
    expect(changePageUrl(search, { params: { b: '2' } }).toString()).toBe('at=5&pack=gorax&orgId=2&var-b=2');
  });
});

describe('a watched fix', () => {
  it('leaves the URL with all that it put there', () => {
    const search = new URLSearchParams('watch=f%405&watch-replicas=7&var-a=1');
    expect(changePageUrl(search, { watch: undefined }).toString()).toBe('var-a=1');
    const other = { fix: 'g', copiedAt: 6, typed: { memory: '2Gi' } };
    expect(changePageUrl(search, { watch: other }).toString()).toBe('watch=g%406&var-a=1&watch-memory=2Gi');
    expect(read('watch=f%405').watch).toEqual({ fix: 'f', copiedAt: 5, typed: {} });
  });
});

describe('the time of a dashboard’s link', () => {
  it.each([
    ['from=now-1h&to=now', undefined],
    ['from=now-1h&to=now-30m&timezone=browser', NOW - 1_800_000],
    [`from=${NOW - 7_200_000}&to=${NOW - 3_600_000}`, NOW - 3_600_000],
    ['from=2026-11-21T08:00:00.000Z&to=2026-11-21T09:00:00.000Z', Date.UTC(2026, 10, 21, 9)],
    ['from=now%2Fd&to=now%2Fd&timezone=utc', undefined],
    ['from=now-1d%2Fd&to=now-1d%2Fd&timezone=UTC', Date.UTC(2026, 10, 20, 23, 59, 59, 999)],
    ['from=now-1d%2Fd&to=now-1d%2Fd&timezone=Europe%2FBerlin', Date.UTC(2026, 10, 20, 22, 59, 59, 999)],
    // A dashboard that refreshes hands on an end that is a few seconds old, or one that is not there yet.
    [`from=${NOW - 3_600_000}&to=${NOW - 5_000}`, undefined],
    ['from=now-1h&to=now%2B1h', undefined],
    ['from=now-1h', undefined],
  ])('%s', (text, at) => {
    expect(read(text)).toMatchObject({ at, unreadableTime: undefined });
  });

  it('yields to the moment that the link names', () => {
    expect(read(`at=${NOW - 60_000}&from=now-6h&to=now-3h`).at).toBe(NOW - 60_000);
  });

  it.each(['yesterday', '-5', '', '0', '1795255692', 'now-30x', 'nowhere', '${__to}', 'NaN', '99999999999999999999'])(
    'is the present when it cannot be read, and that is told: %s',
    (text) => {
      const encoded = encodeURIComponent(text);
      expect(read(`from=now-1h&to=${encoded}`)).toEqual({ ...read(''), unreadableTime: text });
      expect(read(`at=${encoded}`)).toEqual({ ...read(''), unreadableTime: text });
    }
  );

  it('is the present where the moment is still to come', () => {
    expect(read(`at=${NOW + 3_600_000}`)).toEqual(read(''));
  });

  it('leaves the URL with the next choice of a time', () => {
    const search = new URLSearchParams('from=now-1h&to=now-30m&timezone=utc&var-a=1');
    expect(changePageUrl(search, { at: undefined }).toString()).toBe('var-a=1');
    expect(changePageUrl(search, { pack: 'gorax' }).get('to')).toBe('now-30m');
  });
});

describe('a link to a runbook', () => {
  it.each([
    `${PLUGIN_BASE_URL}/runbooks/gorax/lock-contention`,
    `${PLUGIN_BASE_URL}/runbooks/gorax/lock-contention/`,
    `http://grafana.example/sub${PLUGIN_BASE_URL}/runbooks/gorax/lock-contention`,
  ])('is recognised in %s', (url) => {
    expect(readRunbookUrl(`${url}?var-window=1m`)).toMatchObject({ pack: 'gorax', runbook: 'lock-contention' });
  });

  it.each([
    undefined,
    '',
    'https://wiki.example/locks',
    '/a/other-app/runbooks/a/b',
    `${PLUGIN_BASE_URL}/triage`,
    'http://[',
    `${PLUGIN_BASE_URL}/runbooks/%/b`,
  ])('is not seen in %s', (url) => {
    expect(readRunbookUrl(url)).toBeUndefined();
  });

  it('keeps what is odd in names and values', () => {
    const url = runbookUrl('a/b', 'c d', { params: { q: '"&' } }, 'cause');
    expect(url).toBe(`${PLUGIN_BASE_URL}/runbooks/a%2Fb/c%20d?var-q=%22%26#cause`);
    expect(triageUrl({ at: 5 })).toBe(`${PLUGIN_BASE_URL}/triage?at=5`);
  });
});
