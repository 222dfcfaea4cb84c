/**
 * The secrets of the configuration, to be taken out of every text that leaves the service.
 *
 * A password that is an ordinary word cannot be told from that word: taken out everywhere, it would mangle names and ids.
 * It is taken out where a text says that it is a password (`password=gorax`, `://user:gorax@`), and whoever runs the
 * service is warned of it.
 */
export class Secrets {
  /** Taken out wherever they stand. */
  private readonly values = new Set<string>();
  private readonly words = new Set<string>();

  /** `names`: texts that are no secrets (ids, hosts, users); a secret that is found in them is an ordinary word. */
  constructor(private readonly names: readonly string[] = []) {}

  /** Answers whether it is an ordinary word. */
  add(value: string | undefined): 'secret' | 'ordinary-word' | 'none' {
    if (value === undefined || value === '') {
      return 'none';
    }
    if (this.isOrdinary(value)) {
      this.words.add(value);
      return 'ordinary-word';
    }
    this.values.add(value);
    this.values.add(encodeURIComponent(value));
    return 'secret';
  }

  scrub(text: string): string {
    let clean = text;
    for (const value of this.values) {
      clean = clean.replaceAll(value, MASK);
    }
    for (const word of this.words) {
      clean = withoutWord(clean, word);
    }
    return clean;
  }

  /** One word of letters, perhaps with a few digits behind it; very short; or part of a name that has to stay. */
  private isOrdinary(value: string): boolean {
    return value.length < 4 || /^\p{L}{1,15}\d{0,4}$/u.test(value) || this.names.some((name) => name.includes(value));
  }
}

const MASK = '***';

/** Where a text says what follows is a password. */
const SAYS_SO = String.raw`(?:pass(?:word|wd)?|pwd|secret|token|auth|requirepass|masterauth|identified by)["']?(?:\s*[:=]\s*|\s+)["']?(?:>)?|\s-a\s+|:\/\/[^\s:@\/]*:`;

function withoutWord(text: string, word: string): string {
  if (!text.includes(word)) {
    return text;
  }
  const literal = word.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const found = new RegExp(String.raw`(${SAYS_SO})${literal}(?![\p{L}\p{N}_.-])`, 'giu');
  return text.replace(found, `$1${MASK}`);
}
