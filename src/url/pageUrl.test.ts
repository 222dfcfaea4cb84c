import { describe, expect, it } from 'vitest';
import { PLUGIN_BASE_URL } from '../constants';
import { readRunbookUrl, runbookUrl, triageUrl } from './links';
import { changePageUrl, readPageUrl } from './pageUrl';

const read = (text: string) => readPageUrl(new URLSearchParams(text));

describe('the state in the URL', () => {
  it('is read back as it was written', () => {
    const state = {
      at: 1795255692000,
      refresh: 30,
      pack: 'gorax',
      watch: { fix: 'terminate-blocker', copiedAt: 1795255600000 },
      params: { postgres: 'a b&c', window: '1m' },
    };
    expect(readPageUrl(changePageUrl(new URLSearchParams(), state))).toEqual(state);
  });

  it('is the present without parameters when it is empty', () => {
    expect(read('')).toEqual({ at: undefined, refresh: undefined, pack: undefined, watch: undefined, params: {} });
  });

  it.each(['at=yesterday', 'at=-5', 'at=', 'refresh=often', 'refresh=-1', 'watch=x', 'watch=@5', 'var-=x', 'var-a='])(
    'leaves out what it cannot read: %s',
    (text) => {
      expect(read(text)).toEqual(read(''));
    }
  );

  it('reads a time as a person may type it', () => {
    expect(read('at=2026-11-21T10:08:12Z').at).toBe(Date.UTC(2026, 10, 21, 10, 8, 12));
  });

  it('changes only what is named, and removes what is undefined', () => {
    const search = new URLSearchParams('at=5&pack=gorax&var-a=1&orgId=2');
    expect(changePageUrl(search, { at: undefined }).toString()).toBe('pack=gorax&var-a=1&orgId=2');
    expect(changePageUrl(search, { params: { b: '2' } }).toString()).toBe('at=5&pack=gorax&orgId=2&var-b=2');
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
