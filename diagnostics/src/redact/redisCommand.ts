/**
 * Arguments of Redis commands hold keys with user ids, session tokens and whole values. A slow command is told by its
 * name, the kind of its first key (`session:?`) and how many arguments it had.
 */
const CONTAINERS = new Set([
  ...['ACL', 'CLIENT', 'CLUSTER', 'COMMAND', 'CONFIG', 'DEBUG', 'FUNCTION', 'LATENCY', 'MEMORY', 'MODULE', 'OBJECT'],
  ...['PUBSUB', 'SCRIPT', 'SLOWLOG', 'XGROUP', 'XINFO'],
]);
const WORD = /^[A-Za-z][A-Za-z-]{0,31}$/;

export function redactRedisCommand(words: readonly string[]): string {
  const name = (words[0] ?? '').toUpperCase();
  if (!WORD.test(name)) {
    return '?';
  }
  const rest = words.slice(1);
  const said = [name];
  const sub = rest[0];
  if (sub !== undefined && CONTAINERS.has(name) && WORD.test(sub)) {
    said.push(sub.toUpperCase());
    rest.shift();
  }
  const first = rest[0];
  if (first !== undefined) {
    said.push(first === '*' ? '*' : keyKind(first));
  }
  if (rest.length > 1) {
    said.push(`? (${rest.length} arguments)`);
  }
  return said.join(' ');
}

/** `session:abc` → `session:?`. Only a short word before the first colon is kept. */
function keyKind(key: string): string {
  const kind = /^([a-z][a-z_-]{0,23}):/i.exec(key);
  return kind ? `${kind[1]}:?` : '?';
}
