/** The name of a series: from the query's legend format, else its labels, else the expression. */
export function seriesName(format: string | undefined, labels: Record<string, string>, otherwise: string): string {
  if (format && format !== '__auto') {
    return format.replace(/\{\{\s*(.+?)\s*\}\}/g, (_, label: string) => labels[label] ?? '');
  }
  const { __name__: metric = '', ...rest } = labels;
  const pairs = Object.entries(rest)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  if (pairs.length === 0) {
    return metric || otherwise;
  }
  return `${metric}{${pairs.join(', ')}}`;
}
