/**
 * The names on the command line, all when there are none. Ends the program with 2 when one of them does not exist.
 * @param {'step' | 'version'} what
 * @param {readonly string[]} names
 * @returns {(name: string) => boolean} whether it is to be run
 */
export function chosen(what, names) {
  const only = process.argv.slice(2);
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    const all = `${what[0].toUpperCase()}${what.slice(1)}s`;
    process.stderr.write(`No ${what} is named ${unknown.join(', ')}. ${all}: ${names.join(' ')}\n`);
    process.exit(2);
  }
  return (name) => only.length === 0 || only.includes(name);
}
