import type { Path } from '../source';
import { discoveriesOf } from './discoveries';
import { fillCommand } from './fixes/fillCommand';
import type { Linted, Tell } from './rules/rule';
import { fillQuery } from './sample';
import type { QueryParser } from './tools';

const LANGUAGES = {
  promql: { source: 'prometheus', name: 'PromQL' },
  logql: { source: 'loki', name: 'LogQL' },
} as const;

/**
 * Tells of the queries of signals, of fixes that are queries, and of the dialects of a kind, which the parser of their language
 * refuses, with sample values in the placeholders.
 */
export function checkQueries(
  language: keyof typeof LANGUAGES,
  parse: QueryParser | undefined,
  linted: Linted,
  tell: Tell
): void {
  const { pack } = linted.loaded;
  const { source, name } = LANGUAGES[language];
  const check = (text: string, origin: string, path: Path) => {
    const error = parse?.(text);
    if (error !== undefined) {
      tell(origin, `this is no ${name}: ${error.message} near \`${near(text, error.offset)}\``, path);
    }
  };
  for (const { id, query } of Object.values(pack.signals)) {
    if (query.source === source) {
      check(fillQuery(pack, query.expr, language), `signal ${id}`, [source]);
    }
  }
  for (const runbook of pack.runbooks) {
    for (const fix of Object.values(runbook.fixes).filter((each) => each.language === language)) {
      const { text, missing } = fillCommand(fix, linted);
      // A placeholder without a value is told by the rule `placeholder`.
      if (missing.length === 0) {
        check(text, `fix ${runbook.id}/${fix.id}`, [language]);
      }
    }
  }
  for (const { expr, path } of language === 'promql' ? discoveriesOf(linted.loaded) : []) {
    check(expr, 'pack', path);
  }
}

/** The text around a fault, on one line. */
export function near(text: string, offset: number): string {
  return text
    .slice(Math.max(0, offset - 20), offset + 20)
    .replace(/\s+/g, ' ')
    .trim();
}
