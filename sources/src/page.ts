/** A page that came where data was expected. */

/** `grafana`: Grafana's own page, as whoever is signed out gets it. `sign-in`: somebody else's. */
type PageKind = 'grafana' | 'sign-in' | 'page';

/** A page instead of data: a sign-in page or the error page of a proxy. */
export function isHtml(body: unknown): body is string {
  return typeof body === 'string' && /^\s*<(?:!doctype|html|head|body|script|\?xml|[a-z]+[\s>])/i.test(body);
}

export function pageKind(html: string): PageKind {
  if (/grafanaBootData|<title>\s*Grafana\s*</i.test(html)) {
    return 'grafana';
  }
  return /type=["']?password\b|<title[^>]*>[^<]*\b(?:sign|log)[ -]?(?:in|on)\b/i.test(html) ? 'sign-in' : 'page';
}

/** Text that began as JSON and is none: the answer was cut off, or changed on its way. */
export function isBrokenJson(body: unknown): body is string {
  return typeof body === 'string' && /^\s*[{[]/.test(body);
}
