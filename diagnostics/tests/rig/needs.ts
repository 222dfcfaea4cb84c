import { test } from 'vitest';

/** A test of something that some servers lack: there it is skipped, and its name says why. `lacks`: undefined, or the reason. */
export const needs =
  (lacks: string | undefined) =>
  (name: string, body: () => Promise<void>): void => {
    if (lacks === undefined) {
      test(name, body);
    } else {
      test.skip(`${name} (${lacks})`, body);
    }
  };
