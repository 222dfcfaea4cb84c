/** The command that answers a key's length, by its type: elements, or bytes of a string. Types of modules have none. */
export const LENGTH: Readonly<Record<string, string>> = {
  list: 'LLEN',
  hash: 'HLEN',
  set: 'SCARD',
  zset: 'ZCARD',
  stream: 'XLEN',
  string: 'STRLEN',
};
