import { changeSource } from '../../../fixing/change';
import { fixTexts } from '../../../fixing/reads';
import type { Evidence } from '../../../model/pack';
import { parseTemplate } from '../../../template';
import { notAmong } from '../../problem';
import type { Path } from '../../source';
import { columnsOf } from '../columns';
import type { Linted, PackRule } from './rule';

export const unknownColumn: PackRule = {
  id: 'unknown-column',
  what: 'A condition, a sentence or a command names a column that no row of its signal can have: the check has no such column, or the query drops the label.',
  why: 'The condition never holds, and the sentence or the command lacks its most important word: which session, which route, which pod.',
  mend: 'Take a column of the check, or keep the label in the aggregation: `sum by (route) (…)`.',
  check: (linted, tell) => {
    const { pack } = linted.loaded;
    const need = (signal: string, column: string, origin: string, path: Path) => {
      const columns = columnsOf(pack.signals[signal], linted);
      if (columns !== undefined && !Object.hasOwn(columns, column)) {
        tell(origin, `${notAmong(`the column`, column, Object.keys(columns))} in the rows of \`${signal}\``, path);
      }
    };
    const needIn = (text: string, origin: string, path: Path = []) => {
      for (const part of parseTemplate(text)) {
        if (typeof part === 'string') {
          continue;
        }
        const listed = part.filters.find(({ name }) => name === 'list')?.argument;
        for (const column of [part.column, listed]) {
          if (column !== undefined) {
            need(part.name, column, origin, path);
          }
        }
      }
    };
    lintQueries(linted, tell);
    for (const runbook of pack.runbooks) {
      for (const cause of runbook.causes) {
        const name = `cause ${runbook.id}/${cause.id}`;
        needIn(cause.says, `${name} says`);
        cause.evidence.forEach((item, index) => {
          const origin = `${name} evidence ${index}`;
          needIn(item.says ?? '', origin, ['says']);
          for (const [signal, column, path] of conditionsOf(item)) {
            need(signal, column, origin, path);
          }
        });
      }
      for (const fix of Object.values(runbook.fixes)) {
        const origin = `fix ${runbook.id}/${fix.id}`;
        fixTexts(fix).forEach((text) => needIn(text, origin, text === fix.command ? [fix.language] : []));
        const from = fix.changes === undefined ? undefined : changeSource(fix.changes.from);
        if (from?.column !== undefined) {
          need(from.signal, from.column, origin, ['changes', 'from']);
        }
      }
    }
  },
};

/** `where` of a query filters the rows of a table, so its columns are the table's. */
function lintQueries({ loaded, checks }: Linted, tell: Parameters<PackRule['check']>[1]): void {
  for (const { id, query } of Object.values(loaded.pack.signals)) {
    if (query.source !== 'diagnostics' || !('rows' in query.read) || checks?.[query.check]?.open) {
      continue;
    }
    const columns = checks?.[query.check]?.rows[query.read.rows];
    for (const column of Object.keys(query.read.where)) {
      if (columns !== undefined && !Object.hasOwn(columns, column)) {
        tell(`signal ${id}`, `${notAmong('the column', column, Object.keys(columns))} in \`${query.read.rows}\``, [
          'diagnostics',
          'where',
          column,
        ]);
      }
    }
  }
}

/** The columns that evidence names, with their signal and where they stand. `value` is the outcome's own. */
function conditionsOf(item: Evidence): Array<readonly [signal: string, column: string, path: Path]> {
  return (['where', 'proves'] as const).flatMap((key) =>
    Object.entries(item[key] ?? {}).flatMap(([column, condition]) => [
      ...(column === 'value' ? [] : [[item.signal, column, [key, column]] as const]),
      ...('namedIn' in condition
        ? condition.namedIn.map((named) => {
            const at = named.indexOf('.');
            return [named.slice(0, at), named.slice(at + 1), [key, column]] as const;
          })
        : []),
    ])
  );
}
