/**
 * RESP2, read within bounds. A length that a server announces reserves no memory, an answer that is too
 * large is read past without being kept and becomes an error, and one that does not end is a breach of the protocol.
 * https://redis.io/docs/latest/develop/reference/protocol-spec/
 */

export type Reply = string | number | null | readonly Reply[];
/** How texts are read: as words, or byte by byte. */
export type TextEncoding = 'utf8' | 'latin1';
/** An answer, or the error that stands in its place. */
export type Answer = Reply | Error;

/** The connection cannot be used any more: what comes is no RESP, or has no end. */
export class ProtocolBroken extends Error {}
/** An answer that was read past. */
export class AnswerTooLarge extends Error {}

/** Of one answer, bytes of its texts that are kept. */
export const KEPT_BYTES = 4 * 1024 * 1024;
/** Of one answer, entries of all its lists together. */
export const KEPT_ENTRIES = 100_000;
/** Of one answer, bytes and entries that are read at all. */
const READ_BYTES = 32 * 1024 * 1024;
const READ_ENTRIES = 10 * KEPT_ENTRIES;
/** A line: an error, a number, a length. */
const LINE_BYTES = 64 * 1024;
const DEEPEST = 16;

const LF = 10;

interface List {
  left: number;
  readonly entries: Reply[];
}

export class ReplyParser {
  private line = '';
  /** A text that is being read: what is left of it with its line end, and its parts while it is kept. */
  private text: { left: number; readonly parts: Buffer[]; bytes: number } | undefined;
  private lists: List[] = [];
  private readBytes = 0;
  private keptBytes = 0;
  private entries = 0;
  private readEntries = 0;
  private tooLarge: string | undefined;

  /** `encoding` is asked for each text. */
  constructor(
    private readonly onAnswer: (answer: Answer) => void,
    private readonly encoding: () => TextEncoding = () => 'utf8'
  ) {}

  /** Errors: `ProtocolBroken`; nothing may be fed afterwards. */
  feed(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      const before = at;
      at = this.text === undefined ? this.readLine(chunk, at) : this.readText(this.text, chunk, at);
      this.readBytes += at - before;
      if (this.readBytes > READ_BYTES) {
        throw new ProtocolBroken(`an answer has more than ${READ_BYTES} bytes, the rest is not read`);
      }
    }
  }

  private readLine(chunk: Buffer, at: number): number {
    const end = chunk.indexOf(LF, at);
    const part = chunk.toString('utf8', at, end === -1 ? chunk.length : end);
    if (this.line.length + part.length > LINE_BYTES) {
      throw new ProtocolBroken(`a line has more than ${LINE_BYTES} bytes`);
    }
    this.line += part;
    if (end === -1) {
      return chunk.length;
    }
    const line = this.line.endsWith('\r') ? this.line.slice(0, -1) : this.line;
    this.line = '';
    this.take(line);
    return end + 1;
  }

  private readText(text: NonNullable<typeof this.text>, chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + text.left);
    text.left -= end - at;
    if (this.tooLarge === undefined) {
      text.parts.push(chunk.subarray(at, end));
    }
    if (text.left === 0) {
      this.text = undefined;
      this.done(
        this.tooLarge === undefined ? Buffer.concat(text.parts).toString(this.encoding(), 0, text.bytes) : null
      );
    }
    return end;
  }

  private take(line: string): void {
    const rest = line.slice(1);
    switch (line[0]) {
      case '+':
        return this.done(rest);
      case '-':
        return this.fail(new Error(rest));
      case ':':
        return this.done(numberIn(rest));
      case '$':
        return this.beginText(lengthIn(rest));
      case '*':
        return this.beginList(lengthIn(rest));
      default:
        throw new ProtocolBroken('what answers does not speak the protocol of Redis');
    }
  }

  private beginText(length: number): void {
    if (length === -1) {
      return this.done(null);
    }
    this.keptBytes += length;
    if (this.keptBytes > KEPT_BYTES) {
      this.tooLarge ??= `an answer announces a text of ${length} bytes; ${KEPT_BYTES} are read of one answer`;
    }
    this.text = { left: length + 2, parts: [], bytes: length };
  }

  private beginList(length: number): void {
    if (length === -1) {
      return this.done(null);
    }
    this.entries += length;
    if (this.entries > KEPT_ENTRIES) {
      this.tooLarge ??= `an answer announces a list of ${length} entries; ${KEPT_ENTRIES} are read of one answer`;
    }
    if (length === 0) {
      return this.done([]);
    }
    if (this.lists.length >= DEEPEST) {
      throw new ProtocolBroken(`an answer is nested deeper than ${DEEPEST}`);
    }
    this.lists.push({ left: length, entries: [] });
  }

  private done(value: Reply): void {
    this.readEntries += 1;
    if (this.readEntries > READ_ENTRIES) {
      throw new ProtocolBroken(`an answer has more than ${READ_ENTRIES} entries, the rest is not read`);
    }
    let whole = value;
    for (let list = this.lists.at(-1); list !== undefined; list = this.lists.at(-1)) {
      list.left -= 1;
      if (this.tooLarge === undefined) {
        list.entries.push(whole);
      }
      if (list.left > 0) {
        return;
      }
      this.lists.pop();
      whole = list.entries;
    }
    this.answer(whole);
  }

  /** Inside a list an error stands for its entry, as text; alone it is the answer. */
  private fail(error: Error): void {
    if (this.lists.length > 0) {
      this.done(error.message);
    } else {
      this.answer(error);
    }
  }

  private answer(whole: Answer): void {
    const told = this.tooLarge === undefined ? whole : new AnswerTooLarge(this.tooLarge);
    this.readBytes = 0;
    this.keptBytes = 0;
    this.entries = 0;
    this.readEntries = 0;
    this.tooLarge = undefined;
    this.onAnswer(told);
  }
}

function numberIn(text: string): number {
  if (!/^[+-]?\d{1,19}$/.test(text)) {
    throw new ProtocolBroken('a number of an answer is none');
  }
  return Number(text);
}

/** -1 stands for nothing. */
function lengthIn(text: string): number {
  const length = numberIn(text);
  if (length < -1 || !Number.isSafeInteger(length)) {
    throw new ProtocolBroken('a length of an answer is none');
  }
  return length;
}
