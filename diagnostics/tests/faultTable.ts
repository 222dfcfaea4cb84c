/**
 * The table of faults in the documentation, made by the tests that inject them. `WRITE_FAULT_TABLE=1` writes a part anew;
 * without it the test holds what it saw against what the table says (all but the times and the words).
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface FaultRow {
  readonly fault: string;
  /** State of the check that the fault is about. */
  readonly state: string;
  /** Class of availability. */
  readonly class: string;
  /** The slowest answer while the fault lasted, over HTTP. */
  readonly slowestMs: number;
  /** Id of the check that the fault is about. */
  readonly check: string;
  /** Summary of that check. */
  readonly says: string;
}

const FILE = fileURLToPath(new URL('../../docs/diagnostics-faults.md', import.meta.url));
const HEAD = `# Faults, and what the diagnostics service says

Made by the tests that inject each fault on a real server (\`WRITE_FAULT_TABLE=1 npx vitest run --project diagnostics\`); the
tests fail when what they see is no longer what is written here. "Finding" is what the check says that the fault is about,
and "state" is the state of that check. "Class" is the class of availability: what happens to a client that connects now.
"ms" is the slowest answer of the service while the fault lasted, over HTTP, with every check asked in every round.
`;
const COLUMNS = '| fault | state | class | ms | finding |\n|---|---|---|---:|---|';

/** Writes the part, or throws with what differs from it. A fault that the servers of this run `cannot` have may be absent. */
export function faultTable(
  part: string,
  rows: readonly FaultRow[],
  cannot: (fault: string) => boolean = () => false
): void {
  const text = existsSync(FILE) ? readFileSync(FILE, 'utf8') : HEAD;
  const parts = text.split(/^(?=## )/m);
  const before = parts.find((each) => each.startsWith(`## ${part}\n`));
  if (process.env.WRITE_FAULT_TABLE === '1') {
    const written = `## ${part}\n\n${COLUMNS}\n${rows.map(line).join('\n')}\n`;
    const others = parts.slice(1).filter((each) => each !== before);
    const all = [...others.map((each) => each.trimEnd()), written.trimEnd()].sort();
    writeFileSync(FILE, `${HEAD}\n${all.join('\n\n')}\n`);
    return;
  }
  const told = new Map(
    (before ?? '')
      .split('\n')
      .filter((each) => each.startsWith('| ') && !each.startsWith('| fault '))
      .map((each) => {
        const [fault = '', state, klass, , finding = ''] = each
          .split(' | ')
          .map((cell) => cell.replace(/^\| | \|$/g, ''));
        return [fault, `${state ?? ''}, ${klass ?? ''}, ${/`([^`]+)`/.exec(finding)?.[1] ?? ''}`];
      })
  );
  const differing = rows
    .map((row) => ({ row, seen: `${row.state}, ${row.class}, ${row.check}` }))
    .filter(({ row, seen }) => told.get(cell(row.fault)) !== seen)
    .map(({ row, seen }) => `${row.fault}: seen ${seen}; written ${told.get(cell(row.fault)) ?? 'nothing'}`);
  const gone = [...told.keys()].filter((fault) => !cannot(fault) && !rows.some((row) => cell(row.fault) === fault));
  if (differing.length > 0 || gone.length > 0) {
    throw new Error(
      `docs/diagnostics-faults.md is not what was seen (WRITE_FAULT_TABLE=1 writes it anew):\n${[...differing, ...gone.map((fault) => `${fault}: written, not seen`)].join('\n')}`
    );
  }
}

const cell = (text: string): string => text.replace(/\s+/g, ' ').replace(/\|/g, '\\|').trim();

function line(row: FaultRow): string {
  const says = row.says.length > 150 ? `${row.says.slice(0, 150)}…` : row.says;
  return `| ${cell(row.fault)} | ${row.state} | ${row.class} | ${Math.round(row.slowestMs)} | \`${row.check}\`: ${cell(says)} |`;
}
