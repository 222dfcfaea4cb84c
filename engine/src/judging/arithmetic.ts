/** The arithmetic of signals that combine others: `+ - * /`, parentheses, `clamp_min` and `clamp_max`, as PromQL writes them. */

const FUNCTIONS: Readonly<Record<string, (value: number, limit: number) => number>> = {
  clamp_min: Math.max,
  clamp_max: Math.min,
};

const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|([a-z][a-z0-9_]*)|([-+*/(),]))/y;

/** The value of an expression for the values of its names. Throws what `problemOf` says of one that is wrong. */
export function valueOf(expr: string, values: ReadonlyMap<string, number>): number {
  const tokens = tokensOf(expr);
  let at = 0;
  const take = (text: string): void => {
    if (tokens[at] !== text) {
      throw new Error(`expected \`${text}\`, got ${tokens[at] === undefined ? 'the end' : `\`${tokens[at]}\``}`);
    }
    at += 1;
  };
  const primary = (): number => {
    const token = tokens[at++];
    if (token === '(') {
      const value = sum();
      take(')');
      return value;
    }
    if (token === '-') {
      return -primary();
    }
    if (token === undefined || /^[+*/),]$/.test(token)) {
      throw new Error(
        `expected a number, a name or a parenthesis, got ${token === undefined ? 'the end' : `\`${token}\``}`
      );
    }
    if (/^\d/.test(token)) {
      return Number(token);
    }
    const known = Object.hasOwn(FUNCTIONS, token) ? FUNCTIONS[token] : undefined;
    if (known !== undefined) {
      take('(');
      const value = sum();
      take(',');
      const limit = sum();
      take(')');
      return known(value, limit);
    }
    const value = values.get(token);
    if (value === undefined) {
      throw new Error(`\`${token}\` has no value; there is: ${[...values.keys()].join(', ') || 'none'}`);
    }
    return value;
  };
  const product = (): number => {
    let value = primary();
    while (tokens[at] === '*' || tokens[at] === '/') {
      const isTimes = tokens[at++] === '*';
      const next = primary();
      value = isTimes ? value * next : value / next;
    }
    return value;
  };
  const sum = (): number => {
    let value = product();
    while (tokens[at] === '+' || tokens[at] === '-') {
      const isPlus = tokens[at++] === '+';
      const next = product();
      value = isPlus ? value + next : value - next;
    }
    return value;
  };
  const value = sum();
  if (at < tokens.length) {
    throw new Error(`\`${tokens[at] ?? ''}\` stands behind the end of the expression`);
  }
  return value;
}

/** What is wrong with an expression over these names; undefined when nothing is. */
export function problemOf(expr: string, names: readonly string[]): string | undefined {
  try {
    valueOf(expr, new Map(names.map((name) => [name, 1])));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function tokensOf(expr: string): string[] {
  const tokens: string[] = [];
  const text = expr.trim();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const start = TOKEN.lastIndex;
    const [, number, name, sign] = TOKEN.exec(text) ?? [];
    const token = number ?? name ?? sign;
    if (token === undefined) {
      throw new Error(`\`${text.slice(start).trim()}\` is no part of an expression`);
    }
    tokens.push(token);
  }
  return tokens;
}
