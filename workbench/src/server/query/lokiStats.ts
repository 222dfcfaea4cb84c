interface Stat {
  displayName: string;
  unit?: string;
  value: number;
}

/** Where each statistic of Grafana's frames lies in Loki's answer. */
const STATS: Array<[displayName: string, path: string[], unit?: string]> = [
  ['Summary: bytes processed per second', ['summary', 'bytesProcessedPerSecond'], 'Bps'],
  ['Summary: lines processed per second', ['summary', 'linesProcessedPerSecond']],
  ['Summary: total bytes processed', ['summary', 'totalBytesProcessed'], 'decbytes'],
  ['Summary: total lines processed', ['summary', 'totalLinesProcessed']],
  ['Summary: exec time', ['summary', 'execTime'], 's'],
  ['Ingester: total reached', ['ingester', 'totalReached']],
  ['Ingester: total chunks matched', ['ingester', 'totalChunksMatched']],
  ['Ingester: total batches', ['ingester', 'totalBatches']],
  ['Ingester: total lines sent', ['ingester', 'totalLinesSent']],
  ['Ingester: head chunk bytes', ['ingester', 'store', 'chunk', 'headChunkBytes'], 'decbytes'],
  ['Ingester: head chunk lines', ['ingester', 'store', 'chunk', 'headChunkLines']],
  ['Ingester: decompressed bytes', ['ingester', 'store', 'chunk', 'decompressedBytes'], 'decbytes'],
  ['Ingester: decompressed lines', ['ingester', 'store', 'chunk', 'decompressedLines']],
  ['Ingester: compressed bytes', ['ingester', 'store', 'chunk', 'compressedBytes'], 'decbytes'],
  ['Ingester: total duplicates', ['ingester', 'store', 'chunk', 'totalDuplicates']],
];

/** Loki's statistics as frame metadata; what Loki does not say is 0, as in Grafana. */
export function lokiStats(stats: unknown): Stat[] {
  return STATS.map(([displayName, path, unit]) => ({
    displayName,
    ...(unit ? { unit } : {}),
    value: numberAt(stats, path),
  }));
}

function numberAt(stats: unknown, path: string[]): number {
  const found = path.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], stats);
  return typeof found === 'number' ? found : 0;
}
