import {
  runEstateTests,
  runPackTests,
  type EstateTestResult,
  type LoadedPack,
  type TestResult,
} from '@live-runbooks/engine/authoring';

import { soundFolder } from '../loadPacks';

export interface TestOptions {
  /** A folder of kinds on which the packs rest; their own tests are not run. */
  readonly kinds?: string;
}

/**
 * Runs the tests that packs and kinds carry, those of estates and those of runbooks. A failure is printed with its place and with the whole ranking, so that its author
 * sees which evidence counted how much. Answers the exit code.
 */
export function test(directory: string, print: (line: string) => void, { kinds: kindsOf }: TestOptions = {}): number {
  const loaded = soundFolder(directory, print, kindsOf);
  if (loaded === undefined) {
    print('0 passed, 1 failed');
    return 1;
  }
  let passed = 0;
  let failed = 0;
  for (const pack of loaded.kindsBeside === undefined ? [...loaded.packs, ...loaded.kinds] : loaded.packs) {
    for (const result of runPackTests(pack.pack)) {
      if (result.failures.length === 0) {
        passed++;
      } else {
        failed++;
        explain(pack, result).forEach(print);
      }
    }
  }
  const kinds = new Map(loaded.kinds.map(({ kind }) => [kind.id, kind]));
  for (const result of loaded.packs.flatMap((pack) => runEstateTests(pack, kinds))) {
    if (result.failures.length === 0) {
      passed++;
    } else {
      failed++;
      explainEstate(result).forEach(print);
    }
  }
  print(`${passed} passed, ${failed} failed`);
  return failed > 0 || passed === 0 ? 1 : 0;
}

function explain({ origins }: LoadedPack, result: TestResult): string[] {
  const origin = origins.get(`test ${result.runbook}/${result.index}`);
  const { line = 1 } = origin?.source.at(origin.path) ?? {};
  const { diagnosis } = result;
  const number = (value: number) => `${value > 0 ? '+' : ''}${Math.round(value * 10) / 10}`;
  return [
    `${origin?.source.file ?? result.runbook}:${line}: ${result.pack}/${result.runbook}: ${result.name}`,
    ...result.failures.map((failure) => `  ${failure}`),
    `  state ${diagnosis.state}; leaders ${diagnosis.leaders.join(', ') || 'none'}; ${diagnosis.sentence}`,
    ...diagnosis.causes.flatMap((cause) => [
      `  ${cause.verdict.padEnd(13)} ${cause.id} ${number(cause.score)} [${number(cause.interval[0])}, ${number(cause.interval[1])}], prior ${number(cause.prior)}`,
      ...[...cause.supports, ...cause.contradicts].map(
        ({ signal, outcome, weight, group }) =>
          `    ${number(weight).padStart(6)}  ${signal} ${outcome.state}${group === undefined ? '' : ` (group ${group})`}`
      ),
      ...cause.unknown.map(
        ({ signal, worst, best }) => `       ?    ${signal} unknown [${number(worst)}, ${number(best)}]`
      ),
    ]),
    '',
  ];
}

function explainEstate({ test: { name, origin }, failures, triage }: EstateTestResult): string[] {
  const { source, path } = origin;
  return [
    `${source.file}:${source.at(path).line}: ${name}`,
    ...failures.map((failure) => `  ${failure}`),
    ...(triage === undefined ? [] : [`  state ${triage.state}; ${triage.sentence}`]),
    ...(triage?.suspects ?? []).map(
      ({ pack, runbook, cause, verdict, score, explainedBy }) =>
        `  ${verdict.padEnd(13)} ${pack}/${runbook}/${cause} ${Math.round(score * 10) / 10}${explainedBy === undefined ? '' : `, explained by ${explainedBy.pack}/${explainedBy.cause}`}`
    ),
    '',
  ];
}
