/**
 * The catalogue of checks, from their declarations: `cli/src/checks.json`, which lint of packs reads, and docs/checks.md.
 * `npx tsx diagnostics/catalogue.ts` writes both, `--check` only says whether they are up to date.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { CheckCatalogue, Fact } from '@live-runbooks/engine/authoring';
import { checksPage } from './checksPage';
import { allChecks, checksOf } from './src/checks';
import type { CheckDescription } from './src/model/check';
import { type FactSchema, type Facts, describeFact } from './src/model/fact';

/** The checks as lint of packs sees them, by id. */
function factsOf(checks: readonly CheckDescription[]): CheckCatalogue {
  return Object.fromEntries(
    checks.map(({ id, value, fields, rows, configured }) => [
      id,
      {
        unit: value.unit,
        ...(configured === undefined
          ? {}
          : {
              configured: {
                ...(configured.fields === undefined ? {} : { fields: factOf(configured.fields) }),
                ...(configured.rows === undefined ? {} : { rows: described(configured.rows) }),
              },
            }),
        fields: described(fields),
        rows: Object.fromEntries(Object.entries(rows).map(([table, columns]) => [table, described(columns)])),
      },
    ])
  );
}

const described = (facts: Facts) =>
  Object.fromEntries(Object.entries(facts).map(([name, schema]) => [name, factOf(schema)]));

function factOf(schema: FactSchema): Fact {
  const { meaning: _, ...fact } = describeFact(schema);
  return fact;
}

/** The generated files and their text, by their path in the repository. */
const catalogueFiles = (): ReadonlyMap<string, string> =>
  new Map([
    ['cli/src/checks.json', `${JSON.stringify(factsOf(allChecks), null, 2)}\n`],
    ['docs/checks.md', checksPage(checksOf)],
  ]);

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const files = [...catalogueFiles()].map(([path, text]) => ({
    path,
    text,
    file: fileURLToPath(new URL(`../${path}`, import.meta.url)),
  }));
  if (process.argv.includes('--check')) {
    const stale = files.filter(({ file, text }) => !existsSync(file) || readFileSync(file, 'utf8') !== text);
    process.stdout.write(
      stale.length === 0
        ? 'the catalogue of checks is up to date\n'
        : `${stale.map(({ path }) => path).join(', ')}: run npx tsx diagnostics/catalogue.ts\n`
    );
    process.exitCode = stale.length === 0 ? 0 : 1;
  } else {
    files.forEach(({ file, text }) => writeFileSync(file, text));
  }
}
