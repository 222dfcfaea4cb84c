import { readMoment, readRangeEnd } from './moment';

/**
 * All state of a page lives in its URL, so that a link shows a colleague the same thing.
 * `at=<ms>` is the past, absent means now; `refresh=<seconds>`; `var-<name>` are parameters. Links of dashboards and
 * panels bring `from`, `to` and `timezone`: the page judges the end of that range.
 */
export interface PageUrl {
  /** Milliseconds since the epoch; undefined is now. */
  readonly at?: number;
  /** The time that the link names and that cannot be read: the page shows the present, and has to say so. */
  readonly unreadableTime?: string;
  /** Seconds; undefined leaves it to the settings, 0 is never. */
  readonly refresh?: number;
  /** Only the runbooks of this pack. */
  readonly pack?: string;
  /** The fix whose command was copied, when (ms), and what stood in its inputs then: its effect is being watched. */
  readonly watch?: {
    readonly fix: string;
    readonly copiedAt: number;
    readonly typed: Readonly<Record<string, string>>;
  };
  /** Values of parameters, without the `var-`. */
  readonly params: Readonly<Record<string, string>>;
}

const VAR = 'var-';
/** Before the name of an input of the watched fix. */
const TYPED = 'watch-';

/** Keys of a dashboard's time range: once its end is read, `at` says it. */
const RANGE = ['from', 'to', 'timezone'] as const;

/**
 * What cannot be read is left out: a mangled link opens the page as it is by default.
 *
 * @param now ms since the epoch; relative times such as `now-30m` count from it
 */
export function readPageUrl(search: URLSearchParams, now: number): PageUrl {
  return {
    ...readTime(search, now),
    refresh: wholeNumber(search.get('refresh')),
    pack: search.get('pack') || undefined,
    watch: readWatch(search),
    params: readParams(search),
  };
}

/** The parameters of a link, without the `var-`; the first of each name, as Grafana reads them. */
export function readParams(search: URLSearchParams): Readonly<Record<string, string>> {
  return readNamed(search, VAR);
}

function readNamed(search: URLSearchParams, prefix: string): Readonly<Record<string, string>> {
  const named: Record<string, string> = {};
  for (const [key, value] of search) {
    const name = key.startsWith(prefix) ? key.slice(prefix.length) : '';
    if (name !== '' && value !== '' && !Object.hasOwn(named, name)) {
      named[name] = value;
    }
  }
  return named;
}

/** Whether the URL still holds a dashboard's time range, whose relative end would move with every look. */
export function bringsRange(search: URLSearchParams): boolean {
  return RANGE.some((key) => search.has(key));
}

/** The search part for a change of state; other keys of the URL are kept. A value of undefined removes its key. */
export function changePageUrl(search: URLSearchParams, change: Partial<PageUrl>): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const key of ['at', 'refresh', 'pack'] as const) {
    if (key in change) {
      set(next, key, change[key]);
    }
  }
  if ('at' in change) {
    RANGE.forEach((key) => next.delete(key));
  }
  if ('watch' in change) {
    set(next, 'watch', change.watch && `${change.watch.fix}@${change.watch.copiedAt}`);
    setNamed(next, TYPED, change.watch?.typed ?? {});
  }
  if (change.params) {
    setNamed(next, VAR, change.params);
  }
  return next;
}

/** Puts these in the place of all that begin like them. */
function setNamed(search: URLSearchParams, prefix: string, named: Readonly<Record<string, string>>) {
  for (const key of [...search.keys()].filter((k) => k.startsWith(prefix))) {
    search.delete(key);
  }
  for (const [name, value] of Object.entries(named)) {
    set(search, prefix + name, value);
  }
}

function set(search: URLSearchParams, key: string, value: string | number | undefined) {
  if (value === undefined || value === '') {
    search.delete(key);
  } else {
    search.set(key, String(value));
  }
}

/** `at` says the moment exactly; else it is the end of the range that a dashboard's link brings. */
function readTime(search: URLSearchParams, now: number): Pick<PageUrl, 'at' | 'unreadableTime'> {
  const [at, to] = [search.get('at'), search.get('to')];
  const text = at ?? to;
  if (text === null) {
    return { at: undefined, unreadableTime: undefined };
  }
  const moment = at === null ? readRangeEnd(to, now, search.get('timezone') ?? undefined) : readMoment(at, now);
  return {
    at: typeof moment === 'number' ? moment : undefined,
    unreadableTime: moment === 'unreadable' ? text : undefined,
  };
}

function readWatch(search: URLSearchParams): PageUrl['watch'] {
  const found = /^([\w-]+)@(\d+)$/.exec(search.get('watch') ?? '');
  return found?.[1] ? { fix: found[1], copiedAt: Number(found[2]), typed: readNamed(search, TYPED) } : undefined;
}

function wholeNumber(text: string | null): number | undefined {
  return text && /^\d{1,5}$/.test(text) ? Number(text) : undefined;
}
