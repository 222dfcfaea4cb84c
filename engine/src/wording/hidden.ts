/**
 * Characters that a screen does not show as what they are: controls (a terminal acts on them while text is pasted),
 * separators of lines, bidirectional and zero-width characters (the text reads as something else).
 */
const HIDDEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

export function hasHidden(text: string): boolean {
  return text.search(HIDDEN) >= 0;
}

/** The text with each hidden character replaced by what `escape` makes of it. */
export function replaceHidden(text: string, escape: (char: string, code: number) => string): string {
  return text.replace(HIDDEN, (char) => escape(char, char.codePointAt(0) ?? 0));
}

/** The text as it can be shown: hidden characters as `\u001b`, line breaks and tabs too. */
export function showHidden(text: string): string {
  return replaceHidden(text, (_, code) => unicodeEscape(code));
}

/** `\u001b`, or `\U000e0001` beyond the basic plane. */
export function unicodeEscape(code: number): string {
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
