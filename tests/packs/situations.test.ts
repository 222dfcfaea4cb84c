/**
 * Situations as an experienced engineer would judge them. `situations/<pack>/<runbook>.yaml` holds those of a runbook, in
 * the notation of the packs' `tests:`; many come in pairs that differ in one fact. They stand here and not in the packs,
 * so that what is shipped stays small.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { lintPacks, loadPack, readSituations, runTest } from '@live-runbooks/engine/authoring';
import { describe, expect, it } from 'vitest';

import { readPackFolder } from '../../cli/src/readPacks';

const FOLDER = join(import.meta.dirname, 'situations');
const { files, packs } = readPackFolder('runbooks');

for (const path of packs) {
  const loaded = loadPack(files, path);
  if (!loaded.ok) {
    throw new Error(loaded.problems.map(({ file, line, message }) => `${file}:${line}: ${message}`).join('\n'));
  }
  const { pack } = loaded;
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
  const runbooks = packs.flatMap((path) => {
    const loaded = loadPack(files, path);
    return loaded.ok ? loaded.pack.runbooks.map(({ id }) => `${loaded.pack.id}/${id}`) : [];
  });
  expect(found.sort()).toEqual(runbooks.sort());
});

it('refuses a test that states what the service never says: a server that is down and refuses for being full', () => {
  const file = 'runbooks/gorax/connection-exhaustion.yaml';
  const text = files[file] ?? '';
  const wrong = text.replace('{ absent: { class: too-many-clients, up: true }, value: 1 }', '{ present: 0 }');
  expect(wrong).not.toBe(text);
  const loaded = loadPack({ ...files, [file]: wrong }, 'runbooks/gorax');
  const problems = loaded.ok ? lintPacks([loaded]).filter(({ rule }) => rule === 'given') : [];
  expect(problems.map(({ message }) => message)).toEqual([expect.stringMatching(/contradict each other/)]);
});
