/** Paths of pack files: always with `/`, never from the disk. */

export function join(...parts: string[]): string {
  return parts.filter((part) => part !== '').join('/');
}

export function normalize(path: string): string {
  const out: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..' && out.length > 0 && out.at(-1) !== '..') {
      out.pop();
    } else if (part !== '.' && (part !== '' || out.length === 0)) {
      out.push(part);
    }
  }
  return out.join('/');
}
