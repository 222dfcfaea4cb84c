import type { Frame } from './frame';

type Categories = { structuredMetadata?: Record<string, string>; parsed?: Record<string, string> };

/** A stream as Loki answers it; with `categorize-labels` an entry says where its other labels come from. */
export interface LogStream {
  stream: Record<string, string>;
  values: Array<[nanoseconds: string, line: string, categories?: Categories]>;
}

/** All lines in one frame, each with its labels and their kinds (I index, S structured metadata, P parsed). */
export function logFrame(refId: string, streams: LogStream[], meta: Record<string, unknown>): Frame | undefined {
  const labels: Array<Record<string, string>> = [];
  const labelTypes: Array<Record<string, string>> = [];
  const times: number[] = [];
  const lines: string[] = [];
  const nanoseconds: string[] = [];
  const ids: string[] = [];
  const seen = new Map<string, number>();
  for (const { stream, values } of streams) {
    for (const [ns, line, { structuredMetadata = {}, parsed = {} } = {}] of values) {
      const own = sorted({ ...stream, ...structuredMetadata, ...parsed });
      labels.push(own);
      labelTypes.push(sorted({ ...kinds(stream, 'I'), ...kinds(structuredMetadata, 'S'), ...kinds(parsed, 'P') }));
      times.push(Math.floor(Number(ns) / 1e6));
      lines.push(line);
      nanoseconds.push(ns);
      ids.push(uniqueId(`${ns}_${hash(`${JSON.stringify(own)}_${line}`)}`, seen));
    }
  }
  if (lines.length === 0) {
    return undefined;
  }
  return {
    schema: {
      refId,
      meta,
      fields: [
        { name: 'labels', type: 'other', typeInfo: { frame: 'json.RawMessage' } },
        { name: 'Time', type: 'time', typeInfo: { frame: 'time.Time' } },
        { name: 'Line', type: 'string', typeInfo: { frame: 'string' } },
        { name: 'tsNs', type: 'string', typeInfo: { frame: 'string' } },
        {
          name: 'labelTypes',
          type: 'other',
          typeInfo: { frame: 'json.RawMessage' },
          config: { custom: { hidden: true } },
        },
        { name: 'id', type: 'string', typeInfo: { frame: 'string' } },
      ],
    },
    data: { values: [labels, times, lines, nanoseconds, labelTypes, ids] },
  };
}

const kinds = (labels: Record<string, string>, kind: string) =>
  Object.fromEntries(Object.keys(labels).map((label) => [label, kind]));

function sorted(labels: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function uniqueId(id: string, seen: Map<string, number>): string {
  const times = seen.get(id) ?? 0;
  seen.set(id, times + 1);
  return times === 0 ? id : `${id}_${times}`;
}

/** FNV-1a, 32 bits, in hex: equal lines at the same time have equal ids in every answer. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (const byte of Buffer.from(text)) {
    value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  }
  return value.toString(16).padStart(8, '0');
}
