/** Kinds for tests: services that fail for a version of their own, and databases that are down or known by their target alone. */
import type { Cause, Kind, PlannedQuery, Reading, Runbook, Signal } from '@live-runbooks/engine';
import { testPack } from './pack';
import { NOW } from './readings';

const signalOf = (id: string, rest: Pick<Signal, 'query'> & Partial<Signal>): Signal => ({
  ...{ id, title: id, test: { above: 0 }, unit: 'short', empty: 'unknown' },
  ...{ maxAge: 300, requires: [], cost: 1, mend: {} },
  ...rest,
});

const causeOf = (id: string, title: string, signal: string, effects: Cause['effects']): Cause => ({
  ...{ id, identity: id, title, says: `${title}.`, prior: 'usual', effects },
  evidence: [{ signal, present: { band: 'decisive', sign: 1 }, absent: { band: 'decisive', sign: -1 } }],
  ...{ explains: [], lookAlikes: [], dont: [], fixes: [] },
});

const runbookOf = (id: string, title: string, symptom: string, cause: Cause): Runbook => ({
  ...testPack().runbooks[1]!,
  ...{ id, title, symptoms: [symptom], causes: [cause], alerts: [] },
});

const kindOf = (id: string, title: string, rest: Pick<Kind, 'pack' | 'identity' | 'dialects' | 'signals'>): Kind => ({
  ...{ id, title },
  ...rest,
});

const asked = (expr: string) => ({ source: 'prometheus', expr }) as const;

export const WEB_KIND: Kind = kindOf('web', 'Web service', {
  identity: { scope: 'series', labels: ['job'], optional: [], params: {} },
  dialects: {
    golang: { title: 'client_golang', discover: 'group by ({{by}}) (http_requests_total)', name: '{{job}}', set: {} },
  },
  signals: ['errors', 'version'],
  pack: {
    ...testPack(),
    params: {
      series: { title: 'Series', kind: 'selector', required: true, identity: ['job'] },
      window: { title: 'Rate window', kind: 'duration', default: '5m', required: true },
    },
    signals: {
      errors: signalOf('errors', {
        query: asked('sum by ({{series | labels}}) (rate(failed{ {{series}} }[{{window}}]))'),
        effect: 'errors',
      }),
      version: signalOf('version', { query: asked('max by ({{series | labels}}) (version{ {{series}} })') }),
    },
    runbooks: [
      runbookOf(
        'errors',
        'Requests fail',
        'errors',
        causeOf('version', 'The new version fails', 'version', ['errors'])
      ),
    ],
  },
});

export const DATABASE_KIND: Kind = {
  ...kindOf('database', 'Database', {
    identity: { scope: 'exporter', labels: ['server'], optional: [], params: {} },
    dialects: {
      exporter: { title: 'Exporter', discover: 'group by ({{by}}) (db_up)', name: '{{server}}', set: {} },
    },
    signals: ['down', 'refused'],
    pack: {
      ...testPack(),
      params: {
        exporter: { title: 'Series', kind: 'selector', required: false, identity: ['server'] },
        target: { title: 'Target', kind: 'value', required: false },
      },
      signals: {
        down: signalOf('down', {
          query: asked('max by ({{exporter | labels}}) (db_up{ {{exporter}} })'),
          test: { below: 1 },
          effect: 'unavailable',
        }),
        refused: signalOf('refused', {
          query: {
            source: 'diagnostics',
            check: 'postgres.blocking',
            target: '{{target}}',
            read: { field: 'waiting' },
          },
          effect: 'latency',
        }),
      },
      runbooks: [
        runbookOf('down', 'It does not answer', 'down', causeOf('stopped', 'It is stopped', 'down', ['unavailable'])),
        runbookOf('locks', 'Sessions wait', 'refused', causeOf('held', 'A lock is held', 'refused', ['latency'])),
      ],
    },
  }),
  target: { kind: 'postgres', param: 'target' },
};

/** One series for each value of a label. */
export const seriesOf = (label: string, values: Readonly<Record<string, number>>): Reading => ({
  kind: 'samples',
  samples: Object.entries(values).map(([value, n]) => ({ value: n, labels: { [label]: value } })),
  ...{ askedAt: NOW, tookMs: 1 },
});

/** Whether a query is one of discovery. */
export const isDiscovery = ({ id }: PlannedQuery): boolean => id.startsWith('discover.');
