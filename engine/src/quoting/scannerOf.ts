import { GoScanner } from './goScanner';
import { RedisScanner } from './redisScanner';
import { Scanner } from './scanner';
import { ShellScanner } from './shellScanner';
import type { Language } from './slot';
import { SqlScanner } from './sqlScanner';

/** The scanner of a language, at the beginning of `template`. */
export function scannerOf(language: Language, template: string): Scanner {
  switch (language) {
    case 'promql':
    case 'logql':
      return new GoScanner();
    case 'sql':
      return new SqlScanner();
    case 'shell':
      return new ShellScanner(template);
    case 'redis':
      return new RedisScanner();
    case 'text':
      return new TextScanner();
  }
}

/** Sentences: nothing in them is a quote. */
class TextScanner extends Scanner {
  protected step(text: string): number {
    return text.length;
  }
}
