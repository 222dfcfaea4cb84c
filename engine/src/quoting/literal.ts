import {
  escapeGoString,
  escapeRedis,
  escapeRegex,
  escapeSql,
  logql,
  promql,
  redis,
  refuseHidden,
  shell,
  sql,
  sqlIdentifier,
  sqlRole,
} from './quote';
import { columnList } from './columnList';
import { DEPLOYMENT_OF_POD, podMatchers, podsOf } from './pods';
import { quarterOf } from './quarter';
import { keepsLabels, type FillValue, type Language, type Slot } from './slot';

/** A value as it is written into its slot. Throws a `RangeError` with the reason when the slot cannot hold it. */
export function literalOf(language: Language, slot: Slot, filling: FillValue): string {
  const { value, kind } = filling;
  if (value === null) {
    throw new RangeError('the value is empty');
  }
  if (slot.place === 'refused') {
    throw new RangeError('no value can be quoted at this place of the command');
  }
  if (kind === 'columns') {
    const columns = language === 'sql' && slot.place === 'bare' ? columnList(String(value)) : undefined;
    if (columns === undefined) {
      throw new RangeError('these are no names of columns, or they do not stand where SQL lists columns');
    }
    return columns;
  }
  const filter = slot.placeholder.filters[0]?.name;
  if (keepsLabels(slot.placeholder)) {
    return labelList(filling, filter === 'andLabels');
  }
  const raw = filter === 'quarter' ? quarterOf(filling) : String(value);
  if (language === 'text') {
    return raw;
  }
  const text = filtered(raw, filter, kind);
  if (slot.place === 'bare') {
    if (typeof value === 'number') {
      if (!Number.isFinite(value)) {
        throw new RangeError('the value is no finite number');
      }
      return raw;
    }
    if (kind === 'number') {
      return raw;
    }
    switch (language) {
      case 'promql':
      case 'logql':
        return kind === undefined || kind === 'value' ? (language === 'promql' ? promql(text) : logql(text)) : text;
      case 'sql':
        return filter === 'ident'
          ? sqlIdentifier(text)
          : filter === 'role'
            ? sqlRole(text)
            : typeof value === 'boolean'
              ? raw
              : sql(text);
      case 'shell':
        return shell(text);
      case 'redis':
        return redis(text);
    }
  }
  switch (language) {
    case 'promql':
    case 'logql':
      return escapeGoString(text, slot.place === 'single' ? "'" : '"');
    case 'sql':
      if (slot.whole && slot.place === 'single') {
        return sql(text);
      }
      if (text.includes('\0')) {
        throw new RangeError('SQL cannot hold a NUL character');
      }
      if (slot.place === 'escape') {
        return escapeSql(text).replaceAll("'", "''");
      }
      refuseHidden(text, 'these quotes');
      if (slot.place === 'double') {
        return text.replaceAll('"', '""');
      }
      if (text.includes('\\') && slot.place === 'single') {
        throw new RangeError('a value with a backslash cannot stand inside these quotes');
      }
      return text.replaceAll("'", "''");
    case 'shell': {
      // Leave the author's quotes, stand in single quotes of one's own, and open the author's again.
      const word = shell(text);
      const own = word.startsWith("'") ? word : `'${word}'`;
      return slot.place === 'single' ? own.slice(1, -1) : `"${own}"`;
    }
    case 'redis':
      if (slot.place === 'single') {
        refuseHidden(text, 'single quotes of redis-cli');
        if (/['\\]/.test(text)) {
          throw new RangeError('this value cannot stand inside single quotes; use double quotes');
        }
        return text;
      }
      return escapeRedis(text);
  }
}

/** A value of a query as its filter makes it. */
function filtered(raw: string, filter: string | undefined, kind: FillValue['kind']): string {
  switch (filter) {
    case 'regex':
      return escapeRegex(raw);
    case 'pods':
      return kind === 'selector' ? podMatchers(raw) : podsOf(raw);
    case 'podName':
      return DEPLOYMENT_OF_POD;
    default:
      return raw;
  }
}

/** The identity labels of a selector, to be kept by `by (…)` or `on (…)`; nothing where it picks one thing. `and`: after another label. */
function labelList({ kind, identity = [] }: FillValue, and: boolean): string {
  if (kind !== 'selector') {
    throw new RangeError('only a selector has labels that tell components apart');
  }
  return identity.map((label, index) => (and || index > 0 ? `, ${label}` : label)).join('');
}
