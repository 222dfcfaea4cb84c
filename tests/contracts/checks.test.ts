/**
 * The catalogue of checks that lint of packs goes by is the one of this service. After a change of a check:
 * `npx vitest run --project workbench tests/contracts/checks.test.ts -u`.
 */
import { expect, it } from 'vitest';

import { allChecks } from '../../diagnostics/src/checks';
import { factsOf } from '../../diagnostics/src/model/facts';

it('is up to date', async () => {
  await expect(`${JSON.stringify(factsOf(allChecks), null, 2)}\n`).toMatchFileSnapshot('../../cli/src/checks.json');
});

it('says words only of fields and columns that there are', () => {
  const strays = allChecks.flatMap(({ id, words = {}, fields, rows }) =>
    Object.keys(words)
      .filter((name) => {
        const [table = '', column] = name.split('.');
        return column === undefined ? !(table in fields) : !(column in (rows[table] ?? {}));
      })
      .map((name) => `${id} ${name}`)
  );
  expect(strays).toEqual([]);
});
