/**
 * The first hundred bytes of a SQLite file, checked before SQLite reads them: a damaged one is told by SQLite as a file
 * that may not be written, or as one of a newer version. https://sqlite.org/fileformat.html#the_database_header
 */
import { closeSync, openSync, readSync } from 'node:fs';

const HEADER = 100;
const MAGIC = Buffer.from('SQLite format 3\0', 'latin1');

/** What is wrong with the file's beginning; undefined: nothing, or there is no file. Errors: those of the system. */
export function damageOfHeader(file: string, pageSize: number): string | undefined {
  const head = Buffer.alloc(HEADER);
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
  try {
    const length = readSync(handle, head, 0, HEADER, 0);
    if (length < HEADER) {
      return `it has ${length} bytes, and its header alone has ${HEADER}`;
    }
  } finally {
    closeSync(handle);
  }
  const schemaFormat = head.readUInt32BE(44);
  const encoding = head.readUInt32BE(56);
  // Until the first checkpoint the tables are in the log alone, and the file says that it holds none: both are 0.
  const isEmpty = schemaFormat === 0 && encoding === 0;
  const wrong: ReadonlyArray<readonly [what: string, right: boolean]> = [
    ['the first bytes', head.subarray(0, MAGIC.length).equals(MAGIC)],
    ['the page size', head.readUInt16BE(16) === pageSize],
    ['the versions of the format', [1, 2].includes(head[18] ?? 0) && head[18] === head[19]],
    ['the reserved space', head[20] === 0],
    ['the payload fractions', head[21] === 64 && head[22] === 32 && head[23] === 32],
    ['the format of the schema', isEmpty || (schemaFormat >= 1 && schemaFormat <= 4)],
    ['the text encoding', isEmpty || encoding === 1],
    ['the space for later versions', head.subarray(72, 92).every((byte) => byte === 0)],
  ];
  const found = wrong.find(([, right]) => !right);
  return found === undefined ? undefined : `${found[0]} in its header are damaged`;
}
