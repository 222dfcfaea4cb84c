import type { DeclaredComponent, GivenOutcome, Verdict } from '../../model/pack';
import { notAmong } from '../problem';
import type { AuthoredEstateTest } from '../schema';
import type { YamlSource } from '../source';
import { compileGiven } from './compileTest';
import type { Definitions, Origin } from './definitions';

/** A situation of an estate, and what triage has to say of it. */
export interface EstateTest {
  readonly name: string;
  /** Outcomes by component and signal. */
  readonly given: Readonly<Record<string, Readonly<Record<string, GivenOutcome>>>>;
  readonly rest: 'absent' | 'unknown';
  readonly expect: {
    /** The suspects that lead, as `<component>/<cause>`; no other may. */
    readonly leads: readonly string[];
    /** The verdict on each of those that lead. */
    readonly verdict?: Verdict;
    /** Suspects that another one explains. */
    readonly explained: readonly string[];
    /** A text that the headline has to contain. */
    readonly says?: string;
  };
  readonly origin: Origin;
}

/** The situations of a file. Names of components are checked here, those of signals and causes when the test runs. */
export function compileEstateTests(
  defs: Definitions,
  authored: readonly AuthoredEstateTest[],
  components: readonly DeclaredComponent[],
  source: YamlSource
): EstateTest[] {
  const known = components.map(({ id }) => id);
  return authored.map((test, index): EstateTest => {
    const named = [
      ...Object.keys(test.given).map((id) => [id, ['given', id]] as const),
      ...(['leads', 'explained'] as const).flatMap((key) =>
        test.expect[key].map((name, position) => [name.split('/')[0] ?? '', ['expect', key, position]] as const)
      ),
    ];
    for (const [id, path] of named) {
      if (!known.includes(id)) {
        defs.fail({ source, path: [index, ...path] }, 'unknown-component', notAmong('the component', id, known));
      }
    }
    const { leads, explained, verdict, says } = test.expect;
    return {
      name: test.name,
      given: Object.fromEntries(Object.entries(test.given).map(([id, outcomes]) => [id, compileGiven(outcomes)])),
      rest: test.rest,
      expect: {
        ...{ leads, explained },
        ...(verdict === undefined ? {} : { verdict }),
        ...(says === undefined ? {} : { says }),
      },
      origin: { source, path: [index] },
    };
  });
}
