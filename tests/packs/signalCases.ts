/** Cases of signals: given series, and what Prometheus itself (promtool) reads from them by the query of a signal. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parse, stringify } from 'yaml';
import { afterAll, describe, expect, it } from 'vitest';

/** Extrapolation makes rates and increases a little uneven: three places are enough for every threshold. */
const PRECISION = 0.001;

/** What a signal reads: a number without labels, numbers by labels, or no series. */
type Reads = 'nothing' | number | ReadonlyArray<{ readonly labels: Record<string, string>; readonly value: number }>;
interface Case {
  readonly name: string;
  readonly series: Readonly<Record<string, string | number>>;
  /** Moments and what each signal, `<pack or kind>/<signal>`, reads then. */
  readonly expect: Readonly<Record<string, Readonly<Record<string, Reads>>>>;
}

/** A query of a signal, and which of the series of a case it reads. */
export interface SignalQuery {
  readonly expr: string;
  readonly reads: (labels: Readonly<Record<string, string>>) => boolean;
}

const labelsOf = (labels: Readonly<Record<string, string>>): string =>
  `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(', ')}}`;

function samplesOf(read: Reads, reads: SignalQuery['reads']): Array<{ labels: string; value: number }> {
  if (read === 'nothing') {
    return [];
  }
  return typeof read === 'number'
    ? [{ labels: '{}', value: read }]
    : read.filter(({ labels }) => reads(labels)).map(({ labels, value }) => ({ labels: labelsOf(labels), value }));
}

/** A test for each case of the files in `folder`, `<theme>.yaml`; series every 15 s. */
export function testSignalCases(folder: string, queriesOf: (key: string) => readonly SignalQuery[]): void {
  const scratch = mkdtempSync(join(tmpdir(), 'signals-'));
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  const themes = readdirSync(folder).map((name) => ({
    theme: name.replace('.yaml', ''),
    cases: parse(readFileSync(join(folder, name), 'utf8')) as Case[],
  }));

  describe.each(themes)('of $theme', ({ theme, cases }) => {
    it.each(cases)(
      '$name',
      ({ name, series, expect: moments }) => {
        const file = join(scratch, `${theme}.test.yaml`);
        const test = {
          name,
          interval: '15s',
          input_series: Object.entries(series).map(([each, values]) => ({ series: each, values: String(values) })),
          promql_expr_test: Object.entries(moments).flatMap(([moment, signals]) =>
            Object.entries(signals).flatMap(([signal, read]) =>
              queriesOf(signal).map(({ expr, reads }) => ({
                expr: `round(${expr}, ${PRECISION})`,
                eval_time: moment,
                exp_samples: samplesOf(read, reads),
              }))
            )
          ),
        };
        expect(test.promql_expr_test.length).toBeGreaterThan(0);
        writeFileSync(file, stringify({ evaluation_interval: '15s', tests: [test] }));
        const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', file], { encoding: 'utf8' });
        expect(status, stdout + stderr).toBe(0);
      },
      60_000
    );
  });
}
