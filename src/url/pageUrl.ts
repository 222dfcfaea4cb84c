/**
 * All state of a page lives in its URL, so that a link shows a colleague the same thing.
 * `at=<ms>` is the past, absent means now; `refresh=<seconds>`; `var-<name>` are parameters.
 */
export interface PageUrl {
  /** Milliseconds since the epoch; undefined is now. */
  readonly at?: number;
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

/** What cannot be read is left out: a mangled link opens the page as it is by default. */
export function readPageUrl(search: URLSearchParams): PageUrl {
  const params: Record<string, string> = {};
  for (const [key, value] of search) {
    if (key.startsWith(VAR) && key.length > VAR.length && value !== '' && !(key.slice(VAR.length) in params)) {
      params[key.slice(VAR.length)] = value;
    }
  }
  return {
    at: readTime(search.get('at')),
    refresh: wholeNumber(search.get('refresh')),
    pack: search.get('pack') || undefined,
    watch: readWatch(search.get('watch')),
    params,
  };
}

/** The search part for a change of state; other keys of the URL are kept. A value of undefined removes its key. */
export function changePageUrl(search: URLSearchParams, change: Partial<PageUrl>): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const key of ['at', 'refresh', 'pack'] as const) {
    if (key in change) {
      set(next, key, change[key]);
    }
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

/** Milliseconds, or an ISO time as a person may type it. */
function readTime(text: string | null): number | undefined {
  if (!text) {
    return undefined;
  }
  const at = /^\d+$/.test(text) ? Number(text) : /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN;
  return Number.isFinite(at) && at > 0 ? at : undefined;
}

function readWatch(text: string | null): PageUrl['watch'] {
  const found = text && /^([\w-]+)@(\d+)$/.exec(text);
  return found && found[1] ? { fix: found[1], copiedAt: Number(found[2]) } : undefined;
}

function wholeNumber(text: string | null): number | undefined {
  return text && /^\d{1,5}$/.test(text) ? Number(text) : undefined;
}
