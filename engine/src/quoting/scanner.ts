import type { Place } from './slot';

type State =
  'bare' | 'single' | 'double' | 'escape' | 'raw' | 'comment' | 'block' | 'dollar' | 'brace' | 'substitution';

/** Reads the text between the placeholders of a template and knows in which quotes the next placeholder stands. */
export abstract class Scanner {
  protected last = '';
  private stack: State[] = ['bare'];
  private opened = false;

  place(): Place {
    switch (this.top()) {
      case 'bare':
      case 'substitution':
        return 'bare';
      case 'single':
        return 'single';
      case 'double':
        return 'double';
      case 'escape':
        return 'escape';
      default:
        return 'refused';
    }
  }

  justOpened(): boolean {
    return this.opened;
  }

  /** A value was put here. */
  value(): void {
    this.opened = false;
    this.last = 'v';
  }

  read(text: string): void {
    let index = 0;
    while (index < text.length) {
      this.opened = false;
      index += Math.max(1, this.step(text, index));
    }
    this.last = text.slice(-1);
  }

  /** Reads what stands at `index` and answers how many characters that was. */
  protected abstract step(text: string, index: number): number;

  protected top(): State {
    return this.stack.at(-1) ?? 'bare';
  }

  protected push(state: State): void {
    this.stack.push(state);
    this.opened = true;
  }

  protected pop(): void {
    this.stack.pop();
    if (this.stack.length === 0) {
      this.stack.push('bare');
    }
  }

  /** One step in a state that ends at `end`, whatever stands before it. */
  protected until(end: string, text: string, index: number): number {
    if (text[index] === end) {
      this.pop();
    }
    return 1;
  }

  /** One step in a state that ends at `end`, unless a backslash stands before it. */
  protected untilUnescaped(end: string, text: string, index: number): number {
    return text[index] === '\\' ? 2 : this.until(end, text, index);
  }

  /** One step in a state that ends at `end`, unless it is doubled. */
  protected untilUndoubled(end: string, text: string, index: number): number {
    return text.startsWith(end + end, index) ? 2 : this.until(end, text, index);
  }
}
