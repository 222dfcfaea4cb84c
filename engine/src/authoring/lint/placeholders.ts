/** Every placeholder names something, and stands where its value can be quoted. */
import { compileFill, COMMAND_FILTERS, refusedPlaces, type Language } from '../../fill';
import type { Pack } from '../../model/pack';
import { compileSentence, SENTENCE_FILTERS } from '../../sentence';
import { parseTemplate, type Placeholder } from '../../template';
import type { Path } from '../source';
import { notAmong } from '../problem';
import type { Report } from './report';

interface Place {
  readonly origin: string;
  readonly path?: Path;
}

export function lintPlaceholders(pack: Pack, report: Report): void {
  const params = Object.keys(pack.params);
  const signals = Object.keys(pack.signals);

  const query = (text: string, language: Language, place: Place) => {
    command(text, language, place, params, 'in a query only parameters have a value');
  };
  const command = (
    text: string,
    language: Language,
    { origin, path = [] }: Place,
    names: readonly string[],
    why: string
  ) => {
    const fail = (message: string) => report.error(origin, 'placeholder', message, path);
    for (const placeholder of placeholders(text)) {
      if (!names.includes(placeholder.name)) {
        fail(`${notAmong(`${placeholder.text}: the name`, placeholder.name, names)} (${why})`);
      } else if (placeholder.column !== undefined && params.includes(placeholder.name)) {
        fail(`${placeholder.text}: a parameter has no columns`);
      }
      for (const { name } of placeholder.filters) {
        if (!COMMAND_FILTERS[language].includes(name)) {
          fail(
            `${notAmong(`${placeholder.text}: the filter`, name, COMMAND_FILTERS[language])} (a command takes values as they are)`
          );
        }
      }
    }
    for (const placeholder of refusedPlaces(compileFill(text, language))) {
      fail(
        `${placeholder.text} stands where no value can be quoted safely (a raw string, a comment, backticks, a here-document); use plain quotes`
      );
    }
    malformed(text, language === 'logql' || language === 'promql', fail);
    if (language === 'sql') {
      for (const match of text.matchAll(
        /\b(?:VACUUM|ANALYZE|ANALYSE|TABLE|INDEX|CONCURRENTLY|ON|FROM|JOIN|UPDATE|INTO|REINDEX|FULL)\s+(\{\{[^{}|]*\}\})/gi
      )) {
        fail(
          `${match[1] ?? ''} is used as a name, and would be quoted as a text: write ${(match[1] ?? '').replace(/\s*\}\}$/, ' | ident}}')}`
        );
      }
      // A role may be called first.last, which `ident` would read as a name in a schema.
      for (const [, name = '', filters = ''] of text.matchAll(
        /\b(?:ALTER|CREATE|DROP|SET)\s+(?:ROLE|USER)\s+\{\{([^{}|]*)(\|[^{}]*)?\}\}/gi
      )) {
        if (filters.trim() !== '| role') {
          fail(`{{${name.trim()}}} is used as the name of a role: write {{${name.trim()} | role}}`);
        }
      }
    }
  };
  const sentence = (
    text: string | undefined,
    { origin, path = [] }: Place,
    names: readonly string[] = [...params, ...signals]
  ) => {
    if (text === undefined) {
      return;
    }
    const fail = (message: string) => report.error(origin, 'placeholder', message, path);
    for (const placeholder of placeholders(text)) {
      if (!names.includes(placeholder.name)) {
        fail(notAmong(`${placeholder.text}: the parameter or signal`, placeholder.name, names));
      }
      for (const { name, argument } of placeholder.filters) {
        if (!(SENTENCE_FILTERS as readonly string[]).includes(name)) {
          fail(notAmong(`${placeholder.text}: the filter`, name, SENTENCE_FILTERS));
        } else if (name === 'list' && argument === undefined && placeholder.column === undefined) {
          fail(`${placeholder.text}: say which column, like list(application)`);
        } else if (name !== 'list' && name !== 'count' && argument !== undefined) {
          fail(`${placeholder.text}: the filter ${name} takes no argument`);
        }
      }
      if (placeholder.filters.length > 1) {
        fail(`${placeholder.text}: one filter is enough; ${placeholder.filters[0]?.name ?? ''} makes a text already`);
      }
    }
    for (const { optional, parts } of compileSentence(text).clauses) {
      const plain = parts.filter((part) => typeof part === 'string').join('');
      if (plain.includes('[[') || plain.includes(']]')) {
        fail('`[[` and `]]` must pair, and cannot stand inside each other');
      } else if (optional && parts.every((part) => typeof part === 'string')) {
        fail(`the optional clause [[${plain}]] has no placeholder, so it is never left out`);
      }
    }
    malformed(text, false, fail);
  };

  for (const signal of Object.values(pack.signals)) {
    const origin = `signal ${signal.id}`;
    if (signal.query.source === 'prometheus') {
      query(signal.query.expr, 'promql', { origin, path: ['prometheus'] });
    } else if (signal.query.source === 'loki') {
      query(signal.query.expr, 'logql', { origin, path: ['loki'] });
    } else if (signal.query.source === 'diagnostics') {
      query(signal.query.target, 'text', { origin, path: ['diagnostics', 'target'] });
      for (const [column, condition] of Object.entries('rows' in signal.query.read ? signal.query.read.where : {})) {
        if ('is' in condition && typeof condition.is === 'string') {
          query(condition.is, 'text', { origin, path: ['diagnostics', 'where', column] });
        }
      }
    } else if (signal.query.source === 'alert') {
      for (const [label, value] of Object.entries(signal.query.labels)) {
        query(value, 'text', { origin, path: ['alert', 'labels', label] });
      }
    }
  }
  for (const runbook of pack.runbooks) {
    for (const cause of runbook.causes) {
      const name = `cause ${runbook.id}/${cause.id}`;
      sentence(cause.says, { origin: `${name} says` });
      cause.evidence.forEach(({ says }, index) =>
        sentence(says, { origin: `${name} evidence ${index}`, path: ['says'] })
      );
    }
    for (const fix of Object.values(runbook.fixes)) {
      const origin = `fix ${runbook.id}/${fix.id}`;
      const inputs = Object.keys(fix.inputs);
      command(
        fix.command,
        fix.language,
        { origin, path: [fix.language] },
        [...params, ...signals, ...inputs],
        'a command takes parameters, inputs and facts of signals'
      );
      for (const key of ['reach', 'note', 'rollback', 'confirm'] as const) {
        sentence(fix[key], { origin, path: [key] }, [...params, ...signals, ...inputs]);
      }
      for (const [key, text] of Object.entries(fix.on ?? {})) {
        sentence(text, { origin, path: ['on', key] });
      }
      for (const [name, input] of Object.entries(fix.inputs)) {
        sentence(input.default, { origin, path: ['inputs', name, 'default'] }, params);
      }
      sentence(fix.verify?.says, { origin, path: ['verify', 'says'] }, [...params, 'threshold']);
    }
  }
}

function placeholders(text: string): Placeholder[] {
  return parseTemplate(text).filter((part): part is Placeholder => typeof part !== 'string');
}

/** `{{ 5 }}` and the like: meant as a placeholder, read as text. Templates of Loki (`{{.line}}`) are none of ours. */
function malformed(text: string, mayHoldGoTemplates: boolean, fail: (message: string) => void): void {
  for (const part of parseTemplate(text)) {
    if (typeof part === 'string') {
      const found = /\{\{[^{}]*\}\}/.exec(part)?.[0];
      if (found !== undefined && !(mayHoldGoTemplates && /^\{\{\s*[.$]/.test(found))) {
        fail(
          `${found} is no placeholder: write {{param}}, {{signal}} or {{signal.column}}, with filters like {{signal.seconds | duration}}`
        );
      }
    }
  }
}
