/** What every rule says of itself: rules in files of their own carry their texts, and those that share a file have them here. */
import { PACK_RULES } from './rules';
import type { RuleText } from './text';

type Texts = readonly [what: string, why: string, mend: string];

const SHARED: Readonly<Record<string, Texts>> = {
  // Files
  syntax: [
    'A file is no YAML.',
    'The pack cannot be read.',
    'Quote texts that begin with `{`, `[`, `*` or `&`, or that hold `: `.',
  ],
  schema: [
    'A key or a value is none of the format.',
    'The pack cannot be read.',
    'Take what the message allows; the JSON Schemas complete it in an editor.',
  ],
  'leading-zero': [
    'A number is written with a zero before it.',
    'YAML drops the zero: a mode `0755` becomes 755, and `010` is ten.',
    'Quote it when it is a text, else write it without the zero.',
  ],
  duplicate: ['A name is defined twice.', 'One of the two would be lost.', 'Rename or delete one of them.'],
  'no-pack': [
    'A folder has no `pack.yaml`.',
    'Nothing says what the pack is called and which parameters it has.',
    'Add one with id, title, description and params.',
  ],
  'no-runbook': ['A pack has no runbook.', 'It can say nothing.', 'Add `<runbook>.yaml` beside `pack.yaml`.'],
  'no-file': [
    'A pack uses a folder or a file that holds nothing.',
    'What the pack takes from there is missing.',
    'Correct the path.',
  ],
  'file-name': [
    'A runbook stands in a file of another name.',
    'Nobody finds it by its id.',
    'Name the file `<id>.yaml`.',
  ],
  'unknown-signal': [
    'A name of a signal does not exist.',
    'What rests on it would never be judged.',
    'Take a name that the message lists.',
  ],
  'unknown-cause': [
    'A name of a cause does not exist.',
    'The ranking, or the test, would be about nothing.',
    'Take a name that the message lists.',
  ],
  'unknown-fix': [
    'A cause names a fix that does not exist.',
    'The page would offer nothing.',
    'Take a name that the message lists, or define the fix.',
  ],
  // Signals and parameters
  placeholder: [
    'A placeholder names nothing, or stands where its value cannot be quoted.',
    'The sentence or the command would be wrong when it is read.',
    'Name a parameter, a signal or a column, in plain quotes.',
  ],
  'unused-signal': [
    'Nothing uses a signal.',
    'It would be asked for nobody, and nobody sees that it is wrong.',
    'Use it as a symptom or as evidence, or delete it.',
  ],
  circle: [
    'A signal requires itself, be it through others.',
    'It would never apply.',
    'Break the circle in `requires`.',
  ],
  promql: [
    'An expression is no PromQL.',
    'Prometheus refuses it in the incident.',
    'Mend what stands near the place that is shown.',
  ],
  logql: [
    'An expression is no LogQL.',
    'Loki refuses it in the incident.',
    'Mend what stands near the place that is shown.',
  ],
  trouble: [
    '`trouble` is said of a signal that no runbook judges, or denied where it says nothing.',
    'Triage would show something red and lead nowhere.',
    'Make it a symptom or evidence, or delete `trouble`.',
  ],
  param: [
    'The default of a parameter does not fit its kind, or its pattern is none.',
    'The pack would not bind.',
    'Correct the default or the pattern.',
  ],
  'unused-param': ['Nothing uses a parameter.', 'A person sets it, and nothing changes.', 'Use it or delete it.'],
  // Queries
  'gone-series': [
    'Series that ended within a window count as if they lived.',
    'A healthy rollout looks like a leak: 120 % of a limit.',
    'Divide inside the aggregation, or keep only what lives: `… and x`.',
  ],
  'summed-replicas': [
    'What several replicas report of one thing is added up.',
    'Five replicas that report one queue of 250 give 1,250.',
    'Take the largest report of each first: `sum(max by (queue) (…))`.',
  ],
  'no-namespace': [
    'A metric of Kubernetes is asked in every namespace.',
    'Staging at none of two replicas makes production miss two.',
    'Add `namespace="{{namespace}}"`.',
  ],
  'pod-matcher': [
    'A pattern for pods also matches those of another workload.',
    'A canary is taken for the service.',
    'Write `pod=~"{{deployment | pods}}"`.',
  ],
  'empty-is-health': [
    'An empty answer counts as health.',
    'Where nothing is measured, a cause is refuted.',
    'Answer 0 only where the stream or the metric exists: `… or 0 * sum(…)`.',
  ],
  'unguarded-ratio': [
    'A share has a divisor that may be next to nothing.',
    'It is 0/0, 0 % or 100 % by chance.',
    'Guard it: `/ (sum(rate(x[5m])) >= 0.2)`.',
  ],
  'quantile-without-le': [
    '`histogram_quantile` is given buckets without their label `le`, or of each series alone.',
    'It answers nothing, or one rare route decides.',
    'Add the buckets up first: `sum by (le) (rate(x_bucket[5m]))`.',
  ],
  'short-window': [
    'A window holds fewer than four scrapes.',
    'It answers nothing, or at random.',
    'Take a longer one: `[{{window}}]` or `[{{window | quarter}}]`.',
  ],
  'unmarked-view': [
    'Evidence is the symptom itself, broken down.',
    'The symptom would prove its own cause.',
    'Mark it `viewOf: <symptom>`.',
  ],
  // Causes
  'no-evidence': [
    'A cause has no evidence.',
    'It can neither be proven nor refuted.',
    'Name the signals that speak for it and against it.',
  ],
  'no-fix': [
    'A cause has no fix.',
    'The person knows what is wrong and not what to do.',
    'Name one, even if it only reads.',
  ],
  'identical-evidence': [
    'Two causes have the same evidence.',
    'Nothing can tell them apart.',
    'Add what only one of them shows.',
  ],
  twice: [
    'A signal is evidence for a cause twice.',
    'It would count double.',
    'Delete one, or give each a `where` of its own.',
  ],
  'one-sided': [
    'Nothing speaks against a cause.',
    'It stays possible for ever.',
    'Say what its absence would show: `absent: -strong`.',
  ],
  'never-likely': [
    'All evidence of a cause together is too weak.',
    'It can never be likely.',
    'Add evidence, or a stronger band where that is true.',
  ],
  'unused-fix': ['No cause names a fix.', 'Nobody is offered it.', 'Name it in a cause or delete it.'],
  'unknown-name': [
    '`explains` or `lookAlikes` names nothing that exists.',
    'The relation is lost without a word.',
    'Take a name that the message lists.',
  ],
  'explains-itself': ['A cause explains its own runbook.', 'It cannot be downstream of itself.', 'Delete the name.'],
  'alert-without-runbook': [
    'An alert of `prevention` does not open its runbook.',
    'It fires and leads nowhere.',
    'Add it to `alerts`.',
  ],
  // Tests
  'no-tests': [
    'A runbook has no tests.',
    'Nobody knows whether it is right.',
    'Give each cause a test, and one healthy and one blind.',
  ],
  'untested-cause': [
    'No test has a cause in the lead.',
    'Nobody has seen it lead.',
    'Add one with `expect: { top: <cause> }`.',
  ],
  'no-healthy-test': [
    'No test shows the runbook healthy.',
    'It may accuse somebody while nothing is wrong.',
    'Add one: nothing present, `rest: absent`, `expect: { top: none }`.',
  ],
  'no-blind-test': [
    'No test shows the runbook blind.',
    'It may accuse somebody although nothing could be asked.',
    'Add one: `rest: unknown`, `expect: { top: none }`.',
  ],
  unseparated: [
    'No test tells two look-alikes apart.',
    'The wrong one may lead.',
    'Add one in which one leads alone while evidence of both is given.',
  ],
  given: [
    "A given value is not what the signal's own test makes of it, or two facts contradict each other.",
    'The test proves the impossible.',
    'Give what the source says.',
  ],
  // Fixes
  risk: [
    'The risk of a fix is lower, or higher, than what its command does.',
    'A person runs at night what cannot be undone.',
    'Write the risk that the message says.',
  ],
  'read-only': [
    'A fix that changes something is called reading.',
    'It would be run without a thought.',
    'Write `kind: mitigate` or `permanent`.',
  ],
  destructive: [
    'A destructive fix asks for no confirmation.',
    'What it takes is gone.',
    'Add a `confirm` that asks what has to be known first.',
  ],
  verify: [
    'Success is looked for on the wrong signal, or too early.',
    'A working fix is called a failure, and its undoing is offered.',
    "Verify on the signal's `recent` twin, within `takes` and its window.",
  ],
  'no-verify': [
    'A fix that changes something says not how its success is seen.',
    'Nobody knows whether it worked.',
    'Name the signal under `verify`, or say under `unverified` why there is none.',
  ],
  takes: [
    'A fix that takes its time does not say how long.',
    'It is judged before it can act.',
    'Say how long at most: `takes: 5m`.',
  ],
  place: [
    'A command does not say where it acts.',
    "It runs against somebody's default server, namespace or container.",
    'Add host and port, `-n`, `-c`, or `on:` for SQL.',
  ],
  'absolute-target': [
    'A command sets an absolute quantity.',
    'It may be less than what is there: `--replicas=10` scales twelve down.',
    'Make it an input, and compare it: `changes: { from, to, must: rise }`.',
  ],
  prose: [
    'A command holds words, or advice holds a command.',
    'What is copied does not run.',
    'Write the command under `sql` or `shell`, and the words under `note`.',
  ],
  input: [
    'An input is not used, hides a parameter, or has a default that does not fit.',
    'The person fills in what changes nothing, or what is refused.',
    'Use it, rename it, or correct its default.',
  ],
};

/** Every rule, in no order. */
export const ruleTexts: readonly RuleText[] = [
  ...PACK_RULES,
  ...Object.entries(SHARED).map(([id, [what, why, mend]]) => ({ id, what, why, mend })),
];
