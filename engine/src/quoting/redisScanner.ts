import { Scanner } from './scanner';

/** The line of redis-cli: double quotes with escapes, and single quotes in which only `\'` is one. */
export class RedisScanner extends Scanner {
  protected step(text: string, index: number): number {
    switch (this.top()) {
      case 'double':
        return this.untilUnescaped('"', text, index);
      case 'single':
        return text.startsWith("\\'", index) ? 2 : this.until("'", text, index);
      default:
        if (text[index] === '"') {
          this.push('double');
        } else if (text[index] === "'") {
          this.push('single');
        }
        return 1;
    }
  }
}
