/** The tests of estates: outcomes at several components, and whom triage then suspects. */
import { declaredEstate } from '../estate/declared';
import { instantiate, type Kinds } from '../estate/instantiate';
import { rolesOf } from '../estate/roles';
import type { BoundPack } from '../model/bound';
import type { Suspect, Triage } from '../model/diagnosis';
import type { DeclaredEstate } from '../model/estate';
import type { Outcome } from '../model/outcome';
import { diagnose } from '../ranking/diagnose';
import { triage } from '../triage/triage';
import { givenOutcomes, NOW } from './givenOutcomes';
import type { EstateTest } from './loading/compileEstateTests';
import type { LoadedPack } from './loading/loadedPack';

export interface EstateTestResult {
  readonly test: EstateTest;
  /** What differs from what was expected; empty when it passed. */
  readonly failures: readonly string[];
  readonly triage: Triage | undefined;
}

type Given = Pick<EstateTest, 'given' | 'rest'>;

/** Runs the tests that the pack carries for its estate, in order. */
export function runEstateTests({ pack, estateTests = [] }: LoadedPack, kinds: Kinds): EstateTestResult[] {
  const estate = declaredEstate([pack], kinds);
  const idOf = (component: string) => estate.names.get(`${pack.id}/${component}`) ?? component;
  const nameOf = ({ pack: id, cause }: Suspect) => {
    const [name = id] = [...estate.names].find(([, component]) => component === id) ?? [];
    return `${name.slice(name.indexOf('/') + 1)}/${cause}`;
  };
  return estateTests.map((test) => {
    const given = Object.fromEntries(Object.entries(test.given).map(([name, outcomes]) => [idOf(name), outcomes]));
    const found = triageGiven(estate, kinds, { given, rest: test.rest });
    return 'unknown' in found
      ? { test, failures: found.unknown, triage: undefined }
      : { test, failures: compare(found.triage, test, nameOf), triage: found.triage };
  });
}

/** Triage of an estate for given outcomes by the id of the component; or what is given and does not exist. */
export function triageGiven(
  estate: DeclaredEstate,
  kinds: Kinds,
  { given, rest }: Given
): { readonly triage: Triage } | { readonly unknown: readonly string[] } {
  const bounds = estate.components.map((component) =>
    instantiate(component, kinds, {
      extensions: estate.extensions.get(component.id) ?? [],
      roles: rolesOf(component, estate, kinds),
    })
  );
  const unknown = Object.entries(given).flatMap(([component, outcomes]) => unknownOf(component, outcomes, bounds));
  if (unknown.length > 0) {
    return { unknown };
  }
  const outcomes = new Map<string, Outcome>(
    bounds.flatMap(({ pack }) => [...givenOutcomes(pack, { given: given[pack.id] ?? {}, rest })])
  );
  const diagnoses = bounds.flatMap((bound) => bound.pack.runbooks.map(({ id }) => diagnose(bound, id, outcomes, NOW)));
  return { triage: triage(bounds, diagnoses, outcomes, NOW, undefined, estate) };
}

function unknownOf(component: string, outcomes: EstateTest['given'][string], bounds: readonly BoundPack[]): string[] {
  const signals = bounds.find(({ pack }) => pack.id === component)?.pack.signals;
  if (signals === undefined) {
    return [`there is no component ${component}`];
  }
  return Object.keys(outcomes)
    .filter((id) => !Object.hasOwn(signals, id))
    .map((id) => `the component ${component} has no signal ${id}`);
}

function compare(
  { suspects, headline }: Triage,
  { expect }: EstateTest,
  nameOf: (suspect: Suspect) => string
): string[] {
  const failures: string[] = [];
  const leading = suspects.filter(({ explainedBy }) => explainedBy === undefined);
  const leads = leading.map(nameOf);
  if (leads.length !== expect.leads.length || expect.leads.some((name) => !leads.includes(name))) {
    failures.push(`expected ${listOf(expect.leads)} to lead, and ${listOf(leads)} leads`);
  }
  const others = expect.verdict === undefined ? [] : leading.filter(({ verdict }) => verdict !== expect.verdict);
  others.forEach((suspect) =>
    failures.push(`expected the verdict ${expect.verdict ?? ''} on ${nameOf(suspect)}, got ${suspect.verdict}`)
  );
  const explained = suspects.filter(({ explainedBy }) => explainedBy !== undefined).map(nameOf);
  for (const name of expect.explained.filter((each) => !explained.includes(each))) {
    failures.push(`expected ${name} to be explained by another; explained is ${listOf(explained)}`);
  }
  if (
    expect.says !== undefined &&
    ![headline.sentence, ...leading.map(({ says }) => says)].some((text) => text.includes(expect.says ?? ''))
  ) {
    failures.push(`expected the verdict to say "${expect.says}", it says "${headline.sentence}"`);
  }
  return failures;
}

function listOf(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : names.join(', ');
}
