/** What loading refuses, before there is a pack that rules could read. Their paragraphs stand in docs/lint.md beside those of the rules. */
import type { RuleText } from '../lint/text';

const TEXTS = {
  syntax: {
    what: 'A file is not valid YAML.',
    why: 'The pack cannot be loaded.',
    mend: 'Correct the place that the message shows. A text that begins with `{`, `[`, `*` or `&`, or that holds `: `, must be quoted.',
  },
  schema: {
    what: 'A key does not exist in the format, or a value is of another type.',
    why: 'The pack cannot be loaded.',
    mend: 'Use the keys and values that the message lists; with the JSON Schemas in `runbooks/schema/` an editor completes them.',
  },
  'leading-zero': {
    what: 'A number is written with a zero before it.',
    why: 'YAML drops the zero: a mode `0755` becomes 755, and `010` is ten.',
    mend: 'Quote it when it is a text, else write it without the zero.',
  },
  'no-pack': {
    what: 'A folder of a pack has no `pack.yaml`.',
    why: 'Nothing says what the pack is called and which parameters it has, so it cannot be loaded.',
    mend: 'Add one with `id`, `title`, `description` and `params`.',
  },
  'no-runbook': {
    what: 'A pack has no runbook.',
    why: 'No page shows anything of it.',
    mend: 'Add a runbook as `<id>.yaml` beside `pack.yaml`.',
  },
  'no-file': {
    what: '`uses` of `pack.yaml` names a kind or a folder that holds no file.',
    why: 'The signals, causes and fixes that the pack takes from there are missing.',
    mend: 'Correct the name: a kind of `kinds/`, or a folder beside that of the pack.',
  },
  'file-name': {
    what: 'The id of a runbook is not the name of its file.',
    why: 'The address of a runbook is its id, so nobody finds the file.',
    mend: 'Name the file `<id>.yaml`, or change the id.',
  },
  'unknown-signal': {
    what: 'A symptom, evidence, a fix, a test or another signal names a signal that does not exist.',
    why: 'What rests on it would never be judged.',
    mend: 'Take one of the names that the message lists, or define the signal.',
  },
  'unknown-cause': {
    what: 'A runbook uses a shared cause, or a test expects one, that does not exist.',
    why: 'The cause would be missing, or the test would check nothing.',
    mend: 'Take one of the names that the message lists.',
  },
  'unknown-fix': {
    what: 'A cause names a fix that does not exist.',
    why: 'The page would offer no command.',
    mend: 'Take one of the names that the message lists, or define the fix.',
  },
  'no-place': {
    what: 'A file lies in a folder that a pack does not read.',
    why: 'Whatever it holds is missing in the pack, and nobody is told.',
    mend: 'Move it beside `pack.yaml` (a runbook), or into `signals/`, `causes/` or `fixes/`.',
  },
  'unknown-component': {
    what: '`of` of a runbook, or an arrow of a component, names a component that the pack does not declare.',
    why: 'The runbook would be about nothing, or the causes behind the arrow would explain nothing.',
    mend: 'Take one of the names that the message lists, or declare the component under `components` of `pack.yaml`.',
  },
  'no-component': {
    what: 'A runbook of a pack that declares `components` does not say of which one it is.',
    why: 'Nobody knows which component is in trouble, so nothing upstream of it can explain it.',
    mend: 'Add `of: <component>` with one of the names that the message lists.',
  },
  'unknown-kind': {
    what: 'A component says that it is of a kind that does not exist, or gives values for a kind that it is not of.',
    why: 'It would have no signal and no runbook of that kind, and the values would change nothing.',
    mend: 'Take one of the names that the message lists.',
  },
  'unknown-param': {
    what: 'A component gives a value for a parameter that its kind does not have, or for the labels that pick its series.',
    why: 'The value would change nothing; which series are its own is said under `is`.',
    mend: 'Take one of the names that the message lists.',
  },
  'unknown-dialect': {
    what: 'A component does not say in which names it is measured, where its kind knows several, or names a convention that its kind does not know.',
    why: 'Which metrics are asked would be a guess.',
    mend: 'Write `{ kind: <kind>, dialect: <dialect> }` with one of the names that the message lists.',
  },
  'no-identity': {
    what: '`is` of a component lacks a label that tells components of its kind apart, or has one that none of its kinds looks at.',
    why: 'The queries would pick series of others, or nothing.',
    mend: 'Give the labels that the message names, with the values that the series of the component have.',
  },
  'no-base': {
    what: 'A runbook of an estate does not say with `extends` which runbook of a kind it stands in for, or names one that is not there, or one of a kind that the component is not of.',
    why: 'Beside the runbook of the kind it would say everything twice, and without one nobody would open it.',
    mend: 'Write `extends: <kind>/<runbook>` with a kind of the component that `of` names.',
  },
  conflict: {
    what: 'Two packs, or two components of one pack, declare one thing by the same identity, and say different things of it.',
    why: 'It is one component. Which of the two is right nobody knows, and it would be asked in the wrong way.',
    mend: 'Make both places say the same, or leave the value out in one of them; when they are two things, give each its own labels.',
  },
} satisfies Readonly<Record<string, Omit<RuleText, 'id'>>>;

/** The rules that loading can tell of; `duplicate` has its text in the rule that looks across packs. */
export type LoadingRule = keyof typeof TEXTS | 'duplicate';

export const LOADING_TEXTS: readonly RuleText[] = Object.entries(TEXTS).map(([id, text]) => ({ id, ...text }));
