import { Scanner } from './scanner';

/** PostgreSQL: literals, `E''` literals, identifiers, dollar quotes and comments, of which those in blocks nest. */
export class SqlScanner extends Scanner {
  private dollarTag = '';

  protected step(text: string, index: number): number {
    switch (this.top()) {
      case 'single':
        return this.untilUndoubled("'", text, index);
      case 'escape':
        return text[index] === '\\' ? 2 : this.untilUndoubled("'", text, index);
      case 'double':
        return this.untilUndoubled('"', text, index);
      case 'comment':
        return this.until('\n', text, index);
      case 'block':
        return this.stepBlock(text.slice(index, index + 2));
      case 'dollar':
        if (text.startsWith(this.dollarTag, index)) {
          this.pop();
          return this.dollarTag.length;
        }
        return 1;
      default:
        return this.stepBare(text, index);
    }
  }

  private stepBlock(two: string): number {
    if (two === '*/') {
      this.pop();
      return 2;
    }
    if (two === '/*') {
      this.push('block');
      return 2;
    }
    return 1;
  }

  private stepBare(text: string, index: number): number {
    const char = text[index];
    const two = text.slice(index, index + 2);
    if (/^[eE]'/.test(two) && !/[A-Za-z0-9_]/.test(text[index - 1] ?? ' ')) {
      this.push('escape');
      return 2;
    }
    if (char === "'") {
      this.push('single');
    } else if (char === '"') {
      this.push('double');
    } else if (two === '--') {
      this.push('comment');
    } else if (two === '/*') {
      this.push('block');
      return 2;
    } else if (char === '$') {
      const tag = /^\$(?:[A-Za-z_]\w*)?\$/.exec(text.slice(index))?.[0];
      if (tag !== undefined) {
        this.dollarTag = tag;
        this.push('dollar');
        return tag.length;
      }
    }
    return 1;
  }
}
