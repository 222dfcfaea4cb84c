/** Answers about the keys that the configuration names: each key in its database. A refused key does not affect the others. */
import type { RedisCheckContext } from './context';
import type { Answer } from './session';

export interface Keyed {
  readonly key: string;
  /** Where the key is, when not in the database of the target. */
  readonly database?: number | undefined;
}

/** One command for each entry; undefined: nothing is asked, and null answered. */
export async function askEach<E extends Keyed>(
  context: RedisCheckContext,
  entries: readonly E[],
  commandOf: (entry: E, index: number) => readonly string[] | undefined,
  encoding: 'utf8' | 'latin1' = 'utf8'
): Promise<readonly Answer[]> {
  const answers: Answer[] = entries.map(() => null);
  const wanted = entries.flatMap((entry, index) => {
    const command = commandOf(entry, index);
    return command === undefined ? [] : [{ index, command, database: entry.database ?? context.database }];
  });
  for (const database of new Set(wanted.map((each) => each.database))) {
    const here = wanted.filter((each) => each.database === database);
    const replies = await context.askIn(
      database,
      here.map(({ command }) => command),
      encoding
    );
    here.forEach(({ index }, n) => (answers[index] = replies[n] ?? null));
  }
  return answers;
}
