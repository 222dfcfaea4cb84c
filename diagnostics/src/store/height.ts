/**
 * How much was ever written to a store, beside its file: `<file>.height`. A file that was cut, taken back to an older state
 * or robbed of its log opens as if nothing had happened; it knows fewer transactions than this number, and so it is told.
 *
 * It is written after each commit without waiting for the disk: it survives the process, and after a power cut it may be
 * behind, which says nothing.
 */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';

const DIGITS = 16;

export class Height {
  private handle: number | undefined;

  private constructor(private readonly file: string) {}

  /** Errors: those of the system. */
  static beside(file: string): Height {
    const height = new Height(`${file}.height`);
    // Append would always write at the end; this neither cuts the file nor wants it to be there.
    height.handle = openSync(height.file, 'a+', 0o600);
    closeSync(height.handle);
    height.handle = openSync(height.file, 'r+');
    return height;
  }

  /** Transactions that the file has to know; 0 when nothing is known. */
  read(): number {
    const bytes = Buffer.alloc(DIGITS);
    const length = this.handle === undefined ? 0 : readSync(this.handle, bytes, 0, DIGITS, 0);
    const text = bytes.subarray(0, length).toString('latin1').trim();
    return /^\d{1,15}$/.test(text) ? Number(text) : 0;
  }

  write(transactions: number): void {
    if (this.handle !== undefined) {
      writeSync(this.handle, `${transactions}\n`.padStart(DIGITS), 0, 'latin1');
    }
  }

  close(): void {
    if (this.handle !== undefined) {
      closeSync(this.handle);
      this.handle = undefined;
    }
  }
}
