/** Every cause has led once, look-alikes have been told apart, and silence and blindness have been tried. */
import { passes } from '../../judging/threshold';
import type { Cause, Pack, PackTest, Runbook } from '../../model/pack';
import { diagnoseTest } from '../runTests';
import type { Report } from './report';

export function lintTests(pack: Pack, report: Report): void {
  for (const runbook of pack.runbooks) {
    const origin = `runbook ${runbook.id}`;
    if (runbook.tests.length === 0) {
      report.error(origin, 'no-tests', `the runbook \`${runbook.id}\` has no tests`);
      continue;
    }
    for (const cause of runbook.causes) {
      if (!runbook.tests.some(({ expect }) => expect.top === cause.id)) {
        report.error(
          `cause ${runbook.id}/${cause.id}`,
          'untested-cause',
          `no test has \`${cause.id}\` in the lead (expect: { top: ${cause.id} })`
        );
      }
    }
    if (!runbook.tests.some((test) => test.rest === 'absent' && test.expect.top === 'none' && nonePresent(test))) {
      report.error(
        origin,
        'no-healthy-test',
        `no test shows \`${runbook.id}\` healthy: nothing present, rest: absent, expect: { top: none }`,
        ['tests']
      );
    }
    if (!runbook.tests.some((test) => test.rest === 'unknown' && test.expect.top === 'none')) {
      report.error(
        origin,
        'no-blind-test',
        `no test shows \`${runbook.id}\` blind: rest: unknown, expect: { top: none }`,
        ['tests']
      );
    }
    lintLookAlikes(pack, runbook, report);
    lintGiven(pack, runbook, report);
    lintAvailability(pack, runbook, report);
  }
}

function nonePresent(test: PackTest): boolean {
  return Object.values(test.given).every(({ state }) => state === 'absent');
}

/** A pair is separated by a test in which one leads alone although something speaks for the other, too. */
function lintLookAlikes(pack: Pack, runbook: Runbook, report: Report): void {
  for (const cause of runbook.causes) {
    cause.lookAlikes.forEach((lookAlike, index) => {
      const other = runbook.causes.find(({ id, identity }) => id === lookAlike.cause || identity === lookAlike.cause);
      if (other === undefined) {
        return;
      }
      const alike = sharedSupport(cause, other);
      const separated = runbook.tests.some((test) => {
        if (test.expect.top !== cause.id && test.expect.top !== other.id) {
          return false;
        }
        const tempting =
          alike.size === 0 || Object.entries(test.given).some(([id, { state }]) => alike.has(`${id} ${state}`));
        const second = test.expect.top === cause.id ? other.id : cause.id;
        const { leaders } = diagnoseTest(pack, runbook, test);
        return tempting && leaders[0] === test.expect.top && !leaders.includes(second);
      });
      if (!separated) {
        report.error(
          `cause ${runbook.id}/${cause.id} lookAlikes`,
          'unseparated',
          `in \`${runbook.id}\` no test tells \`${cause.id}\` from \`${other.id}\`: one has to lead alone while ${[...alike].join(' or ') || 'its evidence'} is given`,
          [index]
        );
      }
    });
  }
}

function sharedSupport(a: Cause, b: Cause): Set<string> {
  const supports = (cause: Cause) =>
    new Set(
      cause.evidence.flatMap(({ signal, present, absent }) => [
        ...(present.band !== 'none' && present.sign > 0 ? [`${signal} present`] : []),
        ...(absent.band !== 'none' && absent.sign > 0 ? [`${signal} absent`] : []),
      ])
    );
  const other = supports(b);
  return new Set([...supports(a)].filter((signal) => other.has(signal)));
}

/** A given value must be what the signal's own test makes of it. */
function lintGiven(pack: Pack, runbook: Runbook, report: Report): void {
  runbook.tests.forEach((test, index) => {
    for (const [id, given] of Object.entries(test.given)) {
      const signal = pack.signals[id];
      if (signal === undefined || given.value === undefined || !('above' in signal.test || 'below' in signal.test)) {
        continue;
      }
      if (passes(signal.test, given.value) !== (given.state === 'present')) {
        report.error(
          `test ${runbook.id}/${index}`,
          'given',
          `${given.value} makes \`${id}\` ${given.state === 'present' ? 'absent' : 'present'}, not ${given.state} (${JSON.stringify(signal.test)})`,
          ['given', id]
        );
      }
    }
  });
}

/** Words of the availability checks for a server that serves sessions: it is up, although it may refuse ours. */
const SERVES: Readonly<Record<string, ReadonlySet<string>>> = {
  'postgres.availability': new Set(['ok', 'too-many-clients', 'role-limit', 'auth', 'database-missing']),
  'redis.availability': new Set(['ok', 'misconf', 'max-clients', 'auth']),
};

/** One answer of a check has one word: a test may not give that a server is down and that it refuses for being full. */
function lintAvailability(pack: Pack, runbook: Runbook, report: Report): void {
  runbook.tests.forEach((test, index) => {
    const said = new Map<string, { up: boolean; by: string }>();
    for (const [id, given] of Object.entries(test.given)) {
      const query = pack.signals[id]?.query;
      const serves = query?.source === 'diagnostics' ? SERVES[query.check] : undefined;
      if (query?.source !== 'diagnostics' || serves === undefined) {
        continue;
      }
      for (const up of statesOf(pack, id, given, serves)) {
        const earlier = said.get(query.check);
        if (earlier !== undefined && earlier.up !== up) {
          report.error(
            `test ${runbook.id}/${index}`,
            'given',
            `\`${id}\` and \`${earlier.by}\` contradict each other: the service calls a server with that class ${up ? 'up' : 'down'}`,
            ['given', id]
          );
        }
        said.set(query.check, { up, by: id });
      }
    }
  });
}

/** What a given outcome says of whether the server is up, in its row and by being present. */
function statesOf(pack: Pack, id: string, given: PackTest['given'][string], serves: ReadonlySet<string>): boolean[] {
  const signal = pack.signals[id];
  const states: boolean[] = [];
  const { row } = given;
  if (typeof row?.['class'] === 'string') {
    states.push(serves.has(row['class']));
  }
  if (row?.['up'] !== undefined) {
    states.push(Boolean(row['up']));
  }
  if (signal?.query.source === 'diagnostics' && 'field' in signal.query.read && given.state !== 'unknown') {
    const { field } = signal.query.read;
    const { test } = signal;
    if (field === 'up') {
      states.push(given.state === 'absent');
    } else if (field === 'class' && given.state === 'present') {
      const words = 'is' in test ? [test.is] : 'oneOf' in test ? test.oneOf : [];
      const ups = new Set(words.map((word) => serves.has(String(word))));
      states.push(...(ups.size === 1 ? ups : []));
    }
  }
  return states;
}
