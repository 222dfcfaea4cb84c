/**
 * Situations as an experienced engineer would judge them. `situations/<pack>/<runbook>.yaml` holds those of a runbook, in
 * the notation of the packs' `tests:`; many come in pairs that differ in one fact. They stand here and not in the packs,
 * so that what is shipped stays small.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { lintPacks, loadPack, readSituations, runTest } from '@live-runbooks/engine/authoring';
import { describe, expect, it } from 'vitest';

import { lintTools } from '../../cli/src/lintTools';
import { readPackFolder } from '../../cli/src/readPacks';
import { SHIPPED_PACKS } from './shippedPacks';

const FOLDER = join(import.meta.dirname, 'situations');

for (const pack of SHIPPED_PACKS) {
  for (const runbook of pack.runbooks) {
    const file = join(FOLDER, pack.id, `${runbook.id}.yaml`);
    describe(`${pack.id}/${runbook.id}`, () => {
      it.each(readSituations(pack, runbook, file, readFileSync(file, 'utf8')))('$name', (situation) => {
        const { failures, diagnosis } = runTest(pack, runbook, situation, 0);
        const ranking = diagnosis.causes
          .filter(({ verdict }) => verdict === 'likely' || verdict === 'possible')
          .map(({ id, verdict, score }) => `${id}: ${verdict}, ${score}`);
        expect({ failures, ranking: failures.length > 0 ? ranking : [] }).toEqual({ failures: [], ranking: [] });
      });
    });
  }
}

it('has situations of every runbook, and of no other', () => {
  const found = readdirSync(FOLDER).flatMap((pack) =>
    readdirSync(join(FOLDER, pack)).map((name) => `${pack}/${name.replace('.yaml', '')}`)
  );
  const runbooks = SHIPPED_PACKS.flatMap((pack) => pack.runbooks.map(({ id }) => `${pack.id}/${id}`));
  expect(found.sort()).toEqual(runbooks.sort());
});

it.each(SHIPPED_PACKS.map(({ id }) => id))('gives only what the sources can answer: %s', (id) => {
  const loaded = loadPack(readPackFolder('runbooks').files, `runbooks/${id}`);
  if (!loaded.ok) {
    throw new Error(loaded.problems.map(({ message }) => message).join('\n'));
  }
  const runbooks = loaded.pack.runbooks.map((runbook) => {
    const file = join(FOLDER, id, `${runbook.id}.yaml`);
    return { ...runbook, tests: readSituations(loaded.pack, runbook, file, readFileSync(file, 'utf8')) };
  });
  const problems = lintPacks([{ ...loaded, pack: { ...loaded.pack, runbooks } }], lintTools);
  expect(
    problems.filter(({ rule }) => rule === 'impossible-given' || rule === 'given').map(({ message }) => message)
  ).toEqual([]);
});

it('takes a server with a locked catalog for one that is up, as the service does', () => {
  const { files } = readPackFolder('runbooks');
  const file = 'runbooks/gorax/connection-exhaustion.yaml';
  const locked = (files[file] ?? '').replace('class: too-many-clients, up: true', 'class: catalog-locked, up: true');
  expect(locked).not.toBe(files[file]);
  const loaded = loadPack({ ...files, [file]: locked }, 'runbooks/gorax');
  const problems = loaded.ok ? lintPacks([loaded], lintTools).filter(({ rule }) => rule === 'given') : [];
  expect(problems).toEqual([]);
});

it('refuses a test that states what the service never says: a server that is down and refuses for being full', () => {
  const { files } = readPackFolder('runbooks');
  const file = 'runbooks/gorax/connection-exhaustion.yaml';
  const text = files[file] ?? '';
  const wrong = text.replace('{ absent: { class: too-many-clients, up: true }, value: 1 }', '{ present: 0 }');
  expect(wrong).not.toBe(text);
  const loaded = loadPack({ ...files, [file]: wrong }, 'runbooks/gorax');
  const problems = loaded.ok ? lintPacks([loaded], lintTools).filter(({ rule }) => rule === 'given') : [];
  expect(problems.map(({ message }) => message)).toEqual([expect.stringMatching(/contradict each other/)]);
});
