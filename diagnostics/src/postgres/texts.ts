/**
 * Texts that other databases and roles wrote, in whatever encoding they had: names of roles, statements that run. A server
 * refuses to convert what is not valid in its own encoding, so such texts are read as bytes and decoded here, leniently.
 */

/** What is read of one text at most, in bytes: a statement may have 100 MB. */
const LONGEST = 4000;

/** SQL: the beginning of a text, as bytes. Asked with `askRaw`. */
export const rawText = (text: string): string => `substr(textsend((${text})::text), 1, ${LONGEST})`;

/** Names of Postgres → names of the Encoding Standard; what is missing is read as windows-1252, where every byte is one. */
const ENCODINGS: Readonly<Record<string, string>> = {
  ...{ UTF8: 'utf-8', EUC_JP: 'euc-jp', EUC_JIS_2004: 'euc-jp', EUC_KR: 'euc-kr', EUC_CN: 'gbk' },
  ...{ LATIN2: 'iso-8859-2', LATIN3: 'iso-8859-3', LATIN4: 'iso-8859-4', LATIN6: 'iso-8859-10', LATIN7: 'iso-8859-13' },
  ...{ LATIN8: 'iso-8859-14', LATIN9: 'iso-8859-15', LATIN10: 'iso-8859-16', ISO_8859_5: 'iso-8859-5' },
  ...{ ISO_8859_6: 'iso-8859-6', ISO_8859_7: 'iso-8859-7', ISO_8859_8: 'iso-8859-8', KOI8R: 'koi8-r', KOI8U: 'koi8-u' },
  ...{ WIN866: 'ibm866', WIN874: 'windows-874', WIN1250: 'windows-1250', WIN1251: 'windows-1251' },
  ...{ WIN1252: 'windows-1252', WIN1253: 'windows-1253', WIN1254: 'windows-1254', WIN1255: 'windows-1255' },
  ...{ WIN1256: 'windows-1256', WIN1257: 'windows-1257', WIN1258: 'windows-1258' },
};

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The text, with U+FFFD for what cannot be read. `encoding`: of the database that it comes from, as Postgres names it. */
export function decodeText(value: unknown, encoding: string | undefined): string {
  if (!(value instanceof Uint8Array)) {
    return typeof value === 'string' ? value : '';
  }
  try {
    // Other encodings hardly ever look like UTF-8. The end may have been cut within a character.
    return utf8.decode(value.length < LONGEST ? value : value.subarray(0, endOfCharacter(value)));
  } catch {
    const name =
      encoding === undefined || encoding === 'UTF8' ? 'windows-1252' : (ENCODINGS[encoding] ?? 'windows-1252');
    return new TextDecoder(name).decode(value);
  }
}

function endOfCharacter(bytes: Uint8Array): number {
  let end = bytes.length;
  // Continuation bytes of UTF-8, and the byte that they continue.
  while (end > bytes.length - 4 && ((bytes[end - 1] ?? 0) & 0xc0) === 0x80) {
    end -= 1;
  }
  return (bytes[end - 1] ?? 0) >= 0xc0 ? end - 1 : bytes.length;
}
