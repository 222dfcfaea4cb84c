/** A data frame on the wire, as Grafana's backend writes it. */
export interface Frame {
  schema: {
    refId: string;
    meta: Record<string, unknown>;
    fields: FrameField[];
  };
  data: { values: unknown[][]; entities?: Array<Entities | null> };
}

interface FrameField {
  name: string;
  type: 'time' | 'number' | 'string' | 'other';
  typeInfo: { frame: string };
  labels?: Record<string, string>;
  config?: Record<string, unknown>;
}

interface Entities {
  NaN?: number[];
  Inf?: number[];
  NegInf?: number[];
}

/** The answer for one refId. */
export interface QueryResult {
  status: number;
  error?: string;
  errorSource?: 'downstream';
  frames?: Frame[];
}

export interface Series {
  labels: Record<string, string>;
  /** Milliseconds since the epoch, and the value as Prometheus and Loki write it. */
  points: Array<[at: number, value: string]>;
}

interface SeriesFrameOptions {
  refId: string;
  meta: Record<string, unknown>;
  valueName: string;
  displayName: string;
  /** Milliseconds between points, on the time field; Loki's frames have none. */
  interval?: number;
}

/** One series as a frame: JSON has no NaN and no infinities, they travel as null with their places in `entities`. */
export function seriesFrame(series: Series, options: SeriesFrameOptions): Frame {
  const { refId, meta, valueName, displayName, interval } = options;
  const numbers = series.points.map(([, value]) => parseNumber(value));
  const entities = entitiesOf(numbers);
  return {
    schema: {
      refId,
      meta,
      fields: [
        {
          name: 'Time',
          type: 'time',
          typeInfo: { frame: 'time.Time' },
          ...(interval === undefined ? {} : { config: { interval } }),
        },
        {
          name: valueName,
          type: 'number',
          typeInfo: { frame: 'float64' },
          labels: series.labels,
          config: { displayNameFromDS: displayName },
        },
      ],
    },
    data: {
      values: [series.points.map(([at]) => at), numbers.map((value) => (Number.isFinite(value) ? value : null))],
      ...(entities ? { entities: [null, entities] } : {}),
    },
  };
}

function parseNumber(text: string): number {
  const infinite = /^([+-]?)Inf$/.exec(text);
  return infinite ? (infinite[1] === '-' ? -Infinity : Infinity) : Number(text);
}

function entitiesOf(numbers: number[]): Entities | undefined {
  const entities: Entities = {};
  numbers.forEach((value, i) => {
    const kind = Number.isNaN(value) ? 'NaN' : value === Infinity ? 'Inf' : value === -Infinity ? 'NegInf' : undefined;
    if (kind) {
      (entities[kind] ??= []).push(i);
    }
  });
  return Object.keys(entities).length > 0 ? entities : undefined;
}
