import { Scanner } from './scanner';
import type { Place } from './slot';

/** A POSIX shell: quotes, substitutions (which nest) and comments. A here-document anywhere refuses every value. */
export class ShellScanner extends Scanner {
  private readonly hereDocument: boolean;

  constructor(template: string) {
    super();
    this.hereDocument = /(^|[^<])<<(?!<)/.test(template);
  }

  override place(): Place {
    if (this.hereDocument) {
      return 'refused';
    }
    const place = super.place();
    // A bare value next to a backslash or a dollar sign would be taken for part of it.
    return place === 'bare' && /[\\$]$/.test(this.last) ? 'refused' : place;
  }

  protected step(text: string, index: number): number {
    switch (this.top()) {
      case 'single':
        return this.until("'", text, index);
      case 'raw':
        return this.untilUnescaped('`', text, index);
      case 'comment':
        return this.until('\n', text, index);
      case 'brace':
        return this.untilUnescaped('}', text, index);
      default:
        return this.stepExpanding(text, index);
    }
  }

  /** Bare, in a substitution or in double quotes: there `$` and backticks mean something. */
  private stepExpanding(text: string, index: number): number {
    const char = text[index];
    const two = text.slice(index, index + 2);
    const state = this.top();
    if (char === '\\') {
      return 2;
    }
    if (two === '$(') {
      this.push('substitution');
      return 2;
    }
    if (two === '${') {
      this.push('brace');
      return 2;
    }
    if (char === '`') {
      this.push('raw');
      return 1;
    }
    if (char === '"') {
      if (state === 'double') {
        this.pop();
      } else {
        this.push('double');
      }
      return 1;
    }
    if (state === 'double') {
      return 1;
    }
    if (two === "$'") {
      // ANSI-C quotes: escapes differ between shells, so nothing is filled in there.
      this.push('raw');
      const end = /^\$'(?:[^'\\]|\\.)*'/s.exec(text.slice(index))?.[0];
      if (end !== undefined) {
        this.pop();
        return end.length;
      }
      return 2;
    }
    if (char === "'") {
      this.push('single');
    } else if (char === '(') {
      this.push('substitution');
    } else if (char === ')' && state === 'substitution') {
      this.pop();
    } else if (char === '#' && /\s|^$/.test(text[index - 1] ?? '')) {
      this.push('comment');
    }
    return 1;
  }
}
