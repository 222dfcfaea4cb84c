/** A secret that lies in a file, read again when the file changes: what rotates secrets writes there. */
import { readFileSync, statSync } from 'node:fs';

/** The file is looked at when the secret is asked for, at most this often. */
const LOOK_MS = 1000;

export class SecretFile {
  private value: string;
  private signature: string;
  private lookedAt = performance.now();

  /** `path` is absolute. Errors: those of the system. */
  constructor(
    readonly path: string,
    private readonly onChange: (value: string) => void = () => undefined
  ) {
    this.value = readFileSync(path, 'utf8').trim();
    this.signature = signatureOf(path);
  }

  /** As the file is now; as it was while it cannot be read or is empty (it is being written). */
  current(): string {
    if (performance.now() - this.lookedAt >= LOOK_MS) {
      this.lookedAt = performance.now();
      this.look();
    }
    return this.value;
  }

  /** Looks now. */
  look(): void {
    try {
      const signature = signatureOf(this.path);
      if (signature === this.signature) {
        return;
      }
      const value = readFileSync(this.path, 'utf8').trim();
      this.signature = signature;
      if (value !== '' && value !== this.value) {
        this.value = value;
        this.onChange(value);
      }
    } catch {
      // What was read last holds until there is something else.
    }
  }
}

/** Errors: those of the system; a pipe is read once, and never again. */
function signatureOf(path: string): string {
  const found = statSync(path);
  return found.isFile() ? `${found.ino} ${found.size} ${found.mtimeMs} ${found.ctimeMs}` : 'no file';
}
