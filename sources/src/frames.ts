/**
 * Grafana's data frames as JSON, read into samples and series.
 *
 * Strict where it matters: a shape that is not understood is an error and never an empty list, because an author may
 * have said that an empty answer means healthy. NaN and infinities travel as `null` plus an entry in `entities`.
 */
import { isObject, textMap } from './json';

export interface Sample {
  readonly value: number;
  readonly labels: Readonly<Record<string, string>>;
  /** ms since the epoch, when the frame has a time field. */
  readonly time?: number;
}

export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  /** `[ms since the epoch, value]`, in the source's order; a gap is NaN. */
  readonly points: ReadonlyArray<readonly [number, number]>;
}

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string };

interface Field {
  readonly name: string;
  readonly type: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly values: readonly unknown[];
}

interface Frame {
  readonly type: string | undefined;
  readonly fields: readonly Field[];
  readonly length: number;
}

/** The samples of an instant query: one a frame, or one a row in a frame of type `numeric-long`. */
export function readSamples(frames: unknown): Parsed<readonly Sample[]> {
  return readFrames(frames, (frame) => {
    const numbers = frame.fields.filter((field) => field.type === 'number');
    if (numbers.length === 0) {
      return bad('the answer holds no numbers; a signal needs a query that answers numbers');
    }
    if (frame.length > 1 && frame.type !== 'numeric-long') {
      return bad('the answer is a series over time where one value was asked for');
    }
    const time = frame.fields.find((field) => field.type === 'time');
    const texts = frame.fields.filter((field) => field.type === 'string');
    const samples: Sample[] = [];
    for (let row = 0; row < frame.length; row++) {
      const at = time?.values[row];
      if (time && typeof at !== 'number') {
        return bad('a sample has no time');
      }
      const columns: Record<string, string> = {};
      for (const field of texts) {
        const text = field.values[row];
        columns[field.name] = typeof text === 'string' ? text : '';
      }
      for (const field of numbers) {
        const value = field.values[row];
        if (typeof value !== 'number') {
          return bad('a sample has no value');
        }
        samples.push({
          value,
          labels: { ...field.labels, ...columns },
          ...(typeof at === 'number' ? { time: at } : {}),
        });
      }
    }
    return { ok: true, value: samples };
  });
}

/** The series of a range query, one a number field. */
export function readSeries(frames: unknown): Parsed<readonly Series[]> {
  return readFrames(frames, (frame) => {
    const time = frame.fields.find((field) => field.type === 'time');
    const numbers = frame.fields.filter((field) => field.type === 'number');
    if (!time || numbers.length === 0) {
      return bad('the answer holds no series of numbers over time');
    }
    const series: Series[] = [];
    for (const field of numbers) {
      const points: Array<readonly [number, number]> = [];
      for (let row = 0; row < frame.length; row++) {
        const at = time.values[row];
        const value = field.values[row];
        if (typeof at !== 'number' || (typeof value !== 'number' && value !== null)) {
          return bad('a point has no time or a value that is not a number');
        }
        points.push([at, value ?? NaN]);
      }
      series.push({ labels: field.labels, points });
    }
    return { ok: true, value: series };
  });
}

function readFrames<T>(frames: unknown, read: (frame: Frame) => Parsed<readonly T[]>): Parsed<readonly T[]> {
  if (!Array.isArray(frames)) {
    return bad('the answer has no list of frames');
  }
  const all: T[] = [];
  for (const json of frames) {
    const frame = parseFrame(json);
    if (!frame.ok) {
      return frame;
    }
    // A frame without fields is how Prometheus says "no series".
    if (frame.value.fields.length === 0) {
      continue;
    }
    const part = read(frame.value);
    if (!part.ok) {
      return part;
    }
    all.push(...part.value);
  }
  return { ok: true, value: all };
}

function parseFrame(json: unknown): Parsed<Frame> {
  const schema = isObject(json) ? json.schema : undefined;
  const data = isObject(json) ? json.data : undefined;
  if (!isObject(schema) || !Array.isArray(schema.fields) || !isObject(data) || !Array.isArray(data.values)) {
    return bad('a frame has no fields or no values');
  }
  if (schema.fields.length !== data.values.length) {
    return bad('a frame has not as many columns as fields');
  }
  const meta = isObject(schema.meta) ? schema.meta : {};
  const notice = errorNotice(meta.notices);
  if (notice !== undefined) {
    return bad(notice);
  }
  const entities: readonly unknown[] = Array.isArray(data.entities) ? data.entities : [];
  const fields: Field[] = [];
  let length: number | undefined;
  for (const [index, field] of schema.fields.entries()) {
    const values: unknown = data.values[index];
    const labels = isObject(field) ? textMap(field.labels) : undefined;
    if (!isObject(field) || typeof field.type !== 'string' || labels === undefined || !Array.isArray(values)) {
      return bad('a field of a frame has no type, no values or labels that are not text');
    }
    length ??= values.length;
    if (values.length !== length) {
      return bad('the columns of a frame differ in length');
    }
    const name = typeof field.name === 'string' ? field.name : '';
    fields.push({ name, type: field.type, labels, values: withEntities(values, entities[index]) });
  }
  return {
    ok: true,
    value: { type: typeof meta.type === 'string' ? meta.type : undefined, fields, length: length ?? 0 },
  };
}

/** Puts back what JSON cannot say. */
function withEntities(values: readonly unknown[], entity: unknown): readonly unknown[] {
  if (!isObject(entity)) {
    return values;
  }
  const restored = [...values];
  const put = (indexes: unknown, value: number) => {
    for (const index of Array.isArray(indexes) ? indexes : []) {
      if (typeof index === 'number' && restored[index] === null) {
        restored[index] = value;
      }
    }
  };
  put(entity.NaN, NaN);
  put(entity.Inf, Infinity);
  put(entity.NegInf, -Infinity);
  return restored;
}

/** A notice of severity `error` is how a plugin reports a failure beside an otherwise good frame. */
function errorNotice(notices: unknown): string | undefined {
  const found = (Array.isArray(notices) ? notices : []).find(
    (notice: unknown) => isObject(notice) && notice.severity === 'error'
  );
  return isObject(found) ? (typeof found.text === 'string' ? found.text : 'the source reports an error') : undefined;
}

function bad(error: string): { readonly ok: false; readonly error: string } {
  return { ok: false, error };
}
