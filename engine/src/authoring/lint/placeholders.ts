/** What is wrong with the placeholders of a text: each names something, and stands where its value can be quoted. */
import { compileFill, COMMAND_FILTERS, refusedPlaces, type Language } from '../../quoting/fill';
import { compileSentence, SENTENCE_FILTERS } from '../../wording/sentence';
import { parseTemplate, type Placeholder } from '../../wording/template';
import { notAmong } from '../problem';

interface Command {
  readonly language: Language;
  /** What a placeholder may name. */
  readonly names: readonly string[];
  readonly params: readonly string[];
  /** Why no other name will do. */
  readonly why: string;
}

/** What is wrong with the placeholders of a query or a command. */
export function problemsInCommand(text: string, { language, names, params, why }: Command): string[] {
  const filters = COMMAND_FILTERS[language];
  return [
    ...placeholdersOf(text).flatMap((placeholder) => [
      ...(!names.includes(placeholder.name)
        ? [`${notAmong(`${placeholder.text}: the name`, placeholder.name, names)} (${why})`]
        : placeholder.column !== undefined && params.includes(placeholder.name)
          ? [`${placeholder.text}: a parameter has no columns`]
          : []),
      ...placeholder.filters
        .filter(({ name }) => !filters.includes(name))
        .map(
          ({ name }) =>
            `${notAmong(`${placeholder.text}: the filter`, name, filters)} (a command takes values as they are)`
        ),
    ]),
    ...refusedPlaces(compileFill(text, language)).map(
      (placeholder) =>
        `${placeholder.text} stands where no value can be quoted safely (a raw string, a comment, backticks, a here-document); use plain quotes`
    ),
    ...malformedIn(text, language === 'logql' || language === 'promql'),
    ...(language === 'sql' ? unquotedNamesIn(text) : []),
  ];
}

/** Names of objects and of roles in SQL that would be quoted as texts. */
function unquotedNamesIn(text: string): string[] {
  const objects = text.matchAll(
    /\b(?:VACUUM|ANALYZE|ANALYSE|TABLE|INDEX|CONCURRENTLY|ON|FROM|JOIN|UPDATE|INTO|REINDEX|FULL)\s+(\{\{[^{}|]*\}\})/gi
  );
  // A role may be called first.last, which `ident` would read as a name in a schema.
  const roles = text.matchAll(/\b(?:ALTER|CREATE|DROP|SET)\s+(?:ROLE|USER)\s+\{\{([^{}|]*)(\|[^{}]*)?\}\}/gi);
  return [
    ...[...objects].map(
      ([, name = '']) =>
        `${name} is used as a name, and would be quoted as a text: write ${name.replace(/\s*\}\}$/, ' | ident}}')}`
    ),
    ...[...roles].flatMap(([, name = '', filters = '']) =>
      filters.trim() === '| role'
        ? []
        : [`{{${name.trim()}}} is used as the name of a role: write {{${name.trim()} | role}}`]
    ),
  ];
}

/** What is wrong with the placeholders of a sentence, which may name these. */
export function problemsInSentence(text: string, names: readonly string[]): string[] {
  return [
    ...placeholdersOf(text).flatMap((placeholder) => problemsOfPlaceholder(placeholder, names)),
    ...clausesIn(text),
    ...malformedIn(text, false),
  ];
}

function problemsOfPlaceholder({ text, name, column, filters }: Placeholder, names: readonly string[]): string[] {
  return [
    ...(names.includes(name) ? [] : [notAmong(`${text}: the parameter or signal`, name, names)]),
    ...filters.flatMap((filter) => {
      if (!(SENTENCE_FILTERS as readonly string[]).includes(filter.name)) {
        return [notAmong(`${text}: the filter`, filter.name, SENTENCE_FILTERS)];
      }
      if (filter.name === 'list' && filter.argument === undefined && column === undefined) {
        return [`${text}: say which column, like list(application)`];
      }
      return filter.name !== 'list' && filter.name !== 'count' && filter.argument !== undefined
        ? [`${text}: the filter ${filter.name} takes no argument`]
        : [];
    }),
    ...(filters.length > 1 ? [`${text}: one filter is enough; ${filters[0]?.name ?? ''} makes a text already`] : []),
  ];
}

/** Optional clauses, `[[…]]`: they pair, and hold a placeholder. */
function clausesIn(text: string): string[] {
  return compileSentence(text).clauses.flatMap(({ optional, parts }) => {
    const plain = parts.filter((part) => typeof part === 'string').join('');
    if (plain.includes('[[') || plain.includes(']]')) {
      return ['`[[` and `]]` must pair, and cannot stand inside each other'];
    }
    return optional && parts.every((part) => typeof part === 'string')
      ? [`the optional clause [[${plain}]] has no placeholder, so it is never left out`]
      : [];
  });
}

function placeholdersOf(text: string): Placeholder[] {
  return parseTemplate(text).filter((part): part is Placeholder => typeof part !== 'string');
}

/** `{{ 5 }}` and the like: meant as a placeholder, read as text. Templates of Loki (`{{.line}}`) are none of ours. */
function malformedIn(text: string, mayHoldGoTemplates: boolean): string[] {
  return parseTemplate(text).flatMap((part) => {
    const found = typeof part === 'string' ? /\{\{[^{}]*\}\}/.exec(part)?.[0] : undefined;
    return found === undefined || (mayHoldGoTemplates && /^\{\{\s*[.$]/.test(found))
      ? []
      : [
          `${found} is no placeholder: write {{param}}, {{signal}} or {{signal.column}}, with filters like {{signal.seconds | duration}}`,
        ];
  });
}
