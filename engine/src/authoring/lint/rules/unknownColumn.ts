import { changeSource } from '../../../compiled/fixReads';
import type { Evidence } from '../../../model/pack';
import { parseTemplate } from '../../../wording/template';
import { notAmong } from '../../problem';
import type { Path } from '../../source';
import { columnsOf } from '../columns';
import { textsOf } from '../packTexts';
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
    lintQueries(linted, tell);
    for (const { text, origin, path } of textsOf(pack)) {
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
    }
    for (const runbook of pack.runbooks) {
      for (const cause of runbook.causes) {
        cause.evidence.forEach((item, index) => {
          for (const [signal, column, path] of conditionsOf(item)) {
            need(signal, column, `cause ${runbook.id}/${cause.id} evidence ${index}`, path);
          }
        });
      }
      for (const { id, changes } of Object.values(runbook.fixes)) {
        const from = changes === undefined ? undefined : changeSource(changes.from);
        if (from?.column !== undefined) {
          need(from.signal, from.column, `fix ${runbook.id}/${id}`, ['changes', 'from']);
        }
      }
    }
  },
};

/** `where` of a query filters the rows of a table, so its columns are the table's. */
function lintQueries(linted: Linted, tell: Parameters<PackRule['check']>[1]): void {
  const { pack } = linted.loaded;
  for (const { id, query } of Object.values(pack.signals)) {
    if (query.source !== 'diagnostics' || !('rows' in query.read)) {
      continue;
    }
    const columns = columnsOf(pack.signals[id], linted);
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
