import { explainsNames } from '../../../compiled/explains';
import type { Pack } from '../../../model/pack';
import { notAmong } from '../../problem';
import { causesOf, type NamedCause } from '../causesOf';
import type { Linted, PackRule, Tell } from './rule';

export const unknownName: PackRule = {
  id: 'unknown-name',
  what: '`explains` or `lookAlikes` of a cause names a runbook or a cause that does not exist.',
  why: 'The relation has no effect, and nobody is told.',
  mend: 'Take one of the names that the message lists.',
  check: (linted, tell) => {
    for (const named of causesOf(linted.loaded.pack)) {
      checkExplains(named, linted, tell);
      checkLookAlikes(named, linted, tell);
    }
  },
};

function checkExplains({ cause, name }: NamedCause, { loaded, all }: Linted, tell: Tell): void {
  const shared = loaded.available.causes;
  explainsNames(cause, loaded.pack.id).forEach(({ pack, name: target }, index) => {
    const packs = all.map((other) => other.pack).filter((other) => pack === '*' || other.id === pack);
    if (!shared.includes(target) && !packs.some((other) => namesOf(other).includes(target))) {
      const known = [...new Set([...shared, ...packs.flatMap((other) => other.runbooks.map(({ id }) => id))])];
      tell(`${name} explains`, notAmong('the runbook or cause', cause.explains[index] ?? '', known), [index]);
    }
  });
}

function checkLookAlikes({ cause, name, runbook }: NamedCause, { loaded }: Linted, tell: Tell): void {
  const shared = loaded.available.causes;
  const known = [
    ...loaded.pack.runbooks.flatMap(({ id, causes }) =>
      causes.flatMap((found) => [found.id, found.identity, `${id}/${found.id}`])
    ),
    ...shared.flatMap((found) => [found, found.slice(found.indexOf('/') + 1)]),
  ];
  cause.lookAlikes.forEach(({ cause: other }, index) => {
    if (!known.includes(other)) {
      const ids = runbook.causes.map(({ id }) => id);
      tell(`${name} lookAlikes`, notAmong('the cause', other, ids), [index, 'cause']);
    } else if (other === cause.id) {
      tell(`${name} lookAlikes`, `\`${other}\` is said to look like itself`, [index, 'cause']);
    }
  });
}

function namesOf(pack: Pack): string[] {
  return causesOf(pack).flatMap(({ runbook: { id }, cause }) => [id, `${id}/${cause.id}`, cause.identity]);
}
