interface MacroValues {
  stepMs: number;
  scrapeMs: number;
  rangeMs: number;
}

/** Fills `$__interval`, `$__rate_interval`, `$__range` and their `_ms` and `_s` forms, as Grafana's backend does. */
export function expandMacros(expression: string, { stepMs, scrapeMs, rangeMs }: MacroValues): string {
  const rateMs = Math.max(stepMs + scrapeMs, 4 * scrapeMs);
  const rangeSeconds = Math.round(rangeMs / 1000);
  const values: Record<string, string> = {
    __interval: `${stepMs}ms`,
    __interval_ms: String(stepMs),
    __rate_interval: `${rateMs}ms`,
    __rate_interval_ms: String(rateMs),
    __range: `${rangeSeconds}s`,
    __range_s: String(rangeSeconds),
    __range_ms: String(rangeMs),
  };
  return expression.replace(
    /\$(__\w+)|\$\{(__\w+)\}/g,
    (whole, bare?: string, braced?: string) => values[bare ?? braced ?? ''] ?? whole
  );
}
