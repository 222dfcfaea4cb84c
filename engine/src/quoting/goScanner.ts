import { Scanner } from './scanner';

/** PromQL and LogQL: the strings of Go, with single quotes too, and comments. */
export class GoScanner extends Scanner {
  protected step(text: string, index: number): number {
    switch (this.top()) {
      case 'single':
        return this.untilUnescaped("'", text, index);
      case 'double':
        return this.untilUnescaped('"', text, index);
      case 'raw':
        return this.until('`', text, index);
      case 'comment':
        return this.until('\n', text, index);
      default:
        return this.stepBare(text[index]);
    }
  }

  private stepBare(char: string | undefined): number {
    if (char === '"') {
      this.push('double');
    } else if (char === "'") {
      this.push('single');
    } else if (char === '`') {
      this.push('raw');
    } else if (char === '#') {
      this.push('comment');
    }
    return 1;
  }
}
