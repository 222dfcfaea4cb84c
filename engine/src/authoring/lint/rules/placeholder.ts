import type { Pack, Signal } from '../../../model/pack';
import { placeholdersOfDefault } from '../../../planning/madeDefault';
import type { Language } from '../../../quoting/fill';
import type { Path } from '../../source';
import { causesOf } from '../causesOf';
import { problemsInCommand, problemsInSentence } from '../placeholders';
import type { PackRule, Tell } from './rule';

export const placeholder: PackRule = {
  id: 'placeholder',
  what: 'A placeholder names nothing that exists, has a filter that does not exist there, or stands where its value cannot be quoted; or an optional clause `[[…]]` is not closed or has no placeholder.',
  why: 'The sentence shows a gap, or the command is refused when it is copied.',
  mend: 'Name a parameter, a signal, a column of it or an input, and keep placeholders of commands out of comments, raw strings and backticks.',
  check: ({ loaded: { pack } }, tell) => {
    checkParams(pack, tell);
    checkSignals(pack, tell);
    checkCauses(pack, tell);
    checkFixes(pack, tell);
  },
};

/** A selector is made of parameters that have a value of their own, so that none is made of itself. */
function checkParams({ params }: Pack, tell: Tell): void {
  const made = Object.entries(params).filter(([, param]) => placeholdersOfDefault(param).length > 0);
  const names = Object.keys(params).filter((name) => made.every(([other]) => other !== name));
  for (const [name, { default: text = '' }] of made) {
    const why = 'a default is made of parameters that have a value of their own';
    problemsInCommand(text, { language: 'promql', names, params: names, why }).forEach((problem) =>
      tell(`param ${name}`, problem, ['default'])
    );
  }
}

function checkSignals({ params, signals }: Pack, tell: Tell): void {
  const names = Object.keys(params);
  for (const signal of Object.values(signals)) {
    for (const { text, language, path } of queriesOf(signal)) {
      const asked = { language, names, params: names, why: 'in a query only parameters have a value' };
      problemsInCommand(text, asked).forEach((problem) => tell(`signal ${signal.id}`, problem, path));
    }
  }
}

interface QueryText {
  readonly text: string;
  readonly language: Language;
  readonly path: Path;
}

/** The texts of a query in which parameters may stand. */
function queriesOf({ query }: Signal): QueryText[] {
  switch (query.source) {
    case 'prometheus':
      return [{ text: query.expr, language: 'promql', path: ['prometheus'] }];
    case 'loki':
      return [{ text: query.expr, language: 'logql', path: ['loki'] }];
    case 'diagnostics':
      return [
        { text: query.target, language: 'text', path: ['diagnostics', 'target'] },
        ...Object.entries('rows' in query.read ? query.read.where : {}).flatMap(([column, condition]): QueryText[] =>
          'is' in condition && typeof condition.is === 'string'
            ? [{ text: condition.is, language: 'text', path: ['diagnostics', 'where', column] }]
            : []
        ),
      ];
    case 'alert':
      return Object.entries(query.labels).map(([label, text]) => ({
        ...{ text, language: 'text', path: ['alert', 'labels', label] },
      }));
    case 'combine':
    case 'manual':
      return [];
  }
}

function checkCauses(pack: Pack, tell: Tell): void {
  const names = [...Object.keys(pack.params), ...Object.keys(pack.signals)];
  for (const { cause, name } of causesOf(pack)) {
    problemsInSentence(cause.says, names).forEach((problem) => tell(`${name} says`, problem));
    cause.evidence.forEach(({ says = '' }, index) =>
      problemsInSentence(says, names).forEach((problem) => tell(`${name} evidence ${index}`, problem, ['says']))
    );
  }
}

function checkFixes(pack: Pack, tell: Tell): void {
  const params = Object.keys(pack.params);
  const facts = [...params, ...Object.keys(pack.signals)];
  for (const runbook of pack.runbooks) {
    for (const fix of Object.values(runbook.fixes)) {
      const names = [...facts, ...Object.keys(fix.inputs)];
      const say = (problems: readonly string[], path: Path) =>
        problems.forEach((problem) => tell(`fix ${runbook.id}/${fix.id}`, problem, path));
      const sentence = (text: string | undefined, path: Path, known: readonly string[]) =>
        say(problemsInSentence(text ?? '', known), path);
      const why = 'a command takes parameters, inputs and facts of signals';
      say(problemsInCommand(fix.command, { language: fix.language, names, params, why }), [fix.language]);
      for (const key of ['reach', 'note', 'rollback', 'confirm'] as const) {
        sentence(fix[key], [key], names);
      }
      for (const [key, text] of Object.entries(fix.on ?? {})) {
        sentence(text, ['on', key], facts);
      }
      for (const [name, input] of Object.entries(fix.inputs)) {
        sentence(input.default, ['inputs', name, 'default'], params);
      }
      sentence(fix.verify?.says, ['verify', 'says'], [...params, 'threshold']);
    }
  }
}
