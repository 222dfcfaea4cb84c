import type { Cause, Pack, Runbook } from '../../../model/pack';
import { diagnoseTest } from '../../runTests';
import { testedRunbooks } from '../testedRunbooks';
import type { PackRule } from './rule';

export const unseparated: PackRule = {
  id: 'unseparated',
  what: 'Two causes are `lookAlikes`, and no test shows that the runbook tells them apart.',
  why: 'The wrong one may lead, and with it the wrong command.',
  mend: 'Add a test in which one of them leads alone although evidence that both share is given.',
  check: ({ loaded: { pack } }, tell) => {
    for (const runbook of testedRunbooks(pack)) {
      for (const cause of runbook.causes) {
        cause.lookAlikes.forEach((lookAlike, index) => {
          const other = runbook.causes.find(
            ({ id, identity }) => id === lookAlike.cause || identity === lookAlike.cause
          );
          if (other !== undefined && !isSeparated(cause, other, runbook, pack)) {
            const alike = [...sharedSupport(cause, other)].join(' or ') || 'its evidence';
            tell(
              `cause ${runbook.id}/${cause.id} lookAlikes`,
              `in \`${runbook.id}\` no test tells \`${cause.id}\` from \`${other.id}\`: one has to lead alone while ${alike} is given`,
              [index]
            );
          }
        });
      }
    }
  },
};

/** A pair is separated by a test in which one leads alone although something speaks for the other, too. */
function isSeparated(cause: Cause, other: Cause, runbook: Runbook, pack: Pack): boolean {
  const alike = sharedSupport(cause, other);
  return runbook.tests.some((test) => {
    if (test.expect.top !== cause.id && test.expect.top !== other.id) {
      return false;
    }
    const tempting =
      alike.size === 0 || Object.entries(test.given).some(([id, { state }]) => alike.has(`${id} ${state}`));
    const second = test.expect.top === cause.id ? other.id : cause.id;
    const { leaders } = diagnoseTest(pack, runbook, test);
    return tempting && leaders[0] === test.expect.top && !leaders.includes(second);
  });
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
