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
  /** The fix whose command was copied, and when (ms): its effect is being watched. */
  readonly watch?: { readonly fix: string; readonly copiedAt: number };
  /** Values of parameters, without the `var-`. */
  readonly params: Readonly<Record<string, string>>;
}

const VAR = 'var-';

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
    watch: readWatch(search.get('watch')),
    params: readParams(search),
  };
}

/** The parameters of a link, without the `var-`; the first of each name, as Grafana reads them. */
export function readParams(search: URLSearchParams): Readonly<Record<string, string>> {
  const params: Record<string, string> = {};
  for (const [key, value] of search) {
    if (key.startsWith(VAR) && key.length > VAR.length && value !== '' && !(key.slice(VAR.length) in params)) {
      params[key.slice(VAR.length)] = value;
    }
  }
  return params;
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
  }
  if (change.params) {
    for (const key of [...next.keys()].filter((k) => k.startsWith(VAR))) {
      next.delete(key);
    }
    for (const [name, value] of Object.entries(change.params)) {
      set(next, VAR + name, value);
    }
  }
  return next;
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

function readWatch(text: string | null): PageUrl['watch'] {
  const found = text && /^([\w-]+)@(\d+)$/.exec(text);
  return found && found[1] ? { fix: found[1], copiedAt: Number(found[2]) } : undefined;
}

function wholeNumber(text: string | null): number | undefined {
  return text && /^\d{1,5}$/.test(text) ? Number(text) : undefined;
}
