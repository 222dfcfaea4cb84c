/**
 * The overview dashboard out of packs: where a panel draws a signal of a pack, its query and its thresholds are the
 * signal's own, and it links to the runbook that reads it. Pure: packs in, the classic dashboard JSON out, which is what
 * Grafana's file provisioning takes.
 *
 * First screen: is it broken, since when, where. Then one row a service in the direction of the data (rate and errors on
 * the left, duration on the right), then what they stand on.
 */
import { bind, plan, softMaximum, type Pack, type Signal } from '@live-runbooks/engine';
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';

const APP = '/a/liverunbooks-troubleshooting-app';
const DATA_SOURCE = { type: 'prometheus', uid: '${datasource}' };
/** A window that no query holds by itself, so that it can be found again and become Grafana's. */
const STAND_IN_WINDOW = '17m';
const SERVICES = 'gorax-api|gorax-worker|sqlstudio-backend';

/** A place on the 24 columns of the grid. */
interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

interface Target {
  readonly expr: string;
  readonly legend: string;
}

interface PanelText {
  readonly title: string;
  readonly description: string;
  /** What the panel says when there is no data: empty is not zero. */
  readonly noValue: string;
}

interface Step {
  readonly at: number | null;
  readonly colour: string;
}

type Line = PanelText & {
  readonly unit: string;
  readonly targets: readonly Target[];
  readonly steps?: readonly Step[];
  /** `<pack>/<runbook>`. */
  readonly runbook: string;
  readonly stacked?: boolean;
};

/** Looks a pack or one of its signals up. Errors: there is none of that name, which would make a panel a lie. */
function signalOf(packs: readonly Pack[], key: string): { pack: Pack; signal: Signal } {
  const [packId, signalId] = key.split('/');
  const pack = packs.find(({ id }) => id === packId);
  const signal = pack?.signals[signalId ?? ''];
  if (pack === undefined || signal === undefined) {
    throw new Error(`the overview dashboard draws the signal ${key}, which no pack has`);
  }
  return { pack, signal };
}

/** The signal's query over Grafana's own rate interval. */
function expressionOf(packs: readonly Pack[], key: string): string {
  const { pack } = signalOf(packs, key);
  const bound = bind(pack, { configured: { window: STAND_IN_WINDOW } });
  const query = plan([bound], { signals: [key] }).queries.find(({ signals }) => signals.includes(key));
  if (query?.source !== 'prometheus') {
    throw new Error(`the overview dashboard draws the signal ${key}, which is not asked of Prometheus`);
  }
  return query.expr.trim().replaceAll(`[${STAND_IN_WINDOW}]`, '[$__rate_interval]');
}

/** Green below the first threshold, orange from it, red from the critical one; the other way round for `below`. */
function stepsOf(packs: readonly Pack[], key: string): Step[] {
  const { test } = signalOf(packs, key).signal;
  if ('above' in test) {
    const warning = { at: test.above, colour: test.critical === undefined ? 'red' : 'orange' };
    const critical =
      test.critical === undefined || test.critical === test.above ? [] : [{ at: test.critical, colour: 'red' }];
    return [{ at: null, colour: 'green' }, warning, ...critical];
  }
  if ('below' in test) {
    return [
      { at: null, colour: 'red' },
      { at: test.below, colour: 'green' },
    ];
  }
  throw new Error(`the overview dashboard cannot draw the threshold of ${key}: it is not a number`);
}

const thresholds = (steps: readonly Step[]): dashboard.ThresholdsConfigBuilder =>
  new dashboard.ThresholdsConfigBuilder()
    .mode(dashboard.ThresholdsMode.Absolute)
    .steps(steps.map(({ at, colour }) => ({ value: at, color: colour })));

const queries = (targets: readonly Target[], instant: boolean): DataqueryBuilder[] =>
  targets.map(({ expr, legend }, index) => {
    const query = new DataqueryBuilder()
      .expr(expr)
      .legendFormat(legend)
      .refId(String.fromCharCode(65 + index))
      .datasource(DATA_SOURCE);
    return instant ? query.instant() : query.range();
  });

function runbookLink(runbook: string): dashboard.DashboardLinkBuilder {
  return new dashboard.DashboardLinkBuilder('Open the runbook').url(`${APP}/runbooks/${runbook}?\${__url_time_range}`);
}

/** On a point of a line: the same runbook at that moment. */
function momentLink(runbook: string): dashboard.DashboardLinkBuilder {
  return new dashboard.DashboardLinkBuilder('Open the runbook at this time').url(
    `${APP}/runbooks/${runbook}?at=\${__value.time}`
  );
}

function statPanel(
  id: number,
  place: Place,
  text: PanelText & { target: Target; steps: readonly Step[]; runbook: string }
) {
  return new stat.PanelBuilder()
    .id(id)
    .gridPos(place)
    .title(text.title)
    .description(text.description)
    .noValue(text.noValue)
    .datasource(DATA_SOURCE)
    .targets(queries([text.target], true))
    .unit('short')
    .thresholds(thresholds(text.steps))
    .colorMode(common.BigValueColorMode.Background)
    .graphMode(common.BigValueGraphMode.None)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .links([runbookLink(text.runbook)]);
}

function linePanel(id: number, place: Place, line: Line) {
  const panel = new timeseries.PanelBuilder()
    .id(id)
    .gridPos(place)
    .title(line.title)
    .description(line.description)
    .noValue(line.noValue)
    .datasource(DATA_SOURCE)
    .targets(queries(line.targets, false))
    .unit(line.unit)
    .min(0)
    // A line at zero would else have an axis up to 100, or 10,000 %.
    .axisSoftMax(softMaximum(line.steps?.find(({ at }) => at !== null)?.at ?? undefined, line.unit))
    .lineWidth(1)
    .fillOpacity(line.stacked ? 30 : 8)
    .showPoints(common.VisibilityMode.Never)
    .legend(
      new common.VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .calcs([])
    )
    .tooltip(
      new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending)
    )
    .links([runbookLink(line.runbook)])
    .dataLinks([momentLink(line.runbook)]);
  if (line.stacked) {
    panel.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal));
  }
  if (line.steps) {
    panel
      .thresholds(thresholds(line.steps))
      .thresholdsStyle(new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed));
  }
  return panel;
}

const UP: readonly Step[] = [
  { at: null, colour: 'red' },
  { at: 1, colour: 'green' },
];

/** `sum(...)`: absent when nothing of that job is known, which the panel then says. */
const availability: ReadonlyArray<PanelText & { expr: string; runbook: string }> = [
  {
    title: 'Gorax API',
    description: 'Processes of the API that answer scrapes.',
    noValue: 'not known to Prometheus',
    expr: 'sum(up{job="gorax-api"})',
    runbook: 'gorax/api-errors',
  },
  {
    title: 'Gorax workers',
    description: 'Workers that answer scrapes.',
    noValue: 'not known to Prometheus',
    expr: 'sum(up{job="gorax-worker"})',
    runbook: 'gorax/queue-backlog',
  },
  {
    title: 'SQL Studio backend',
    description: 'Processes of the backend that answer scrapes.',
    noValue: 'not known to Prometheus',
    expr: 'sum(up{job="sqlstudio-backend"})',
    runbook: 'sqlstudio/high-error-rate',
  },
  {
    title: 'Postgres',
    description: 'Whether the exporter reaches the server.',
    noValue: 'not known to Prometheus',
    expr: 'min(pg_up{job="postgres"})',
    runbook: 'gorax/connection-exhaustion',
  },
  {
    title: 'Redis',
    description: 'Whether the exporter reaches the server.',
    noValue: 'not known to Prometheus',
    expr: 'min(redis_up{job="redis"})',
    runbook: 'gorax/redis-failures',
  },
];

function rowsOf(packs: readonly Pack[]): Array<{ title: string; panels: Line[] }> {
  /** A panel that draws one signal. */
  const drawn = (key: string, legend: string, runbook: string, text: PanelText): Line => ({
    ...text,
    unit: signalOf(packs, key).signal.unit,
    targets: [{ expr: expressionOf(packs, key), legend }],
    steps: stepsOf(packs, key),
    runbook,
  });
  const rate = (metric: string, job: string, runbook: string): Line => ({
    title: 'Requests',
    description: 'Requests a second, by class of status.',
    noValue: 'no request counter: the service is not scraped',
    unit: 'reqps',
    stacked: true,
    targets: [2, 3, 4, 5].map((digit) => ({
      expr: `sum(rate(${metric}{job="${job}", status=~"${digit}.."}[$__rate_interval]))`,
      legend: `${digit}xx`,
    })),
    runbook,
  });
  const errors = {
    title: 'Share of 5xx',
    description: 'Requests answered with 5xx, as a share of all.',
    noValue: 'no requests',
  };
  const latency = {
    title: '95th percentile',
    description: 'Duration that 95 % of the requests stay below.',
    noValue: 'no requests',
  };
  return [
    {
      title: 'Gorax API',
      panels: [
        rate('gorax_http_requests_total', 'gorax-api', 'gorax/api-errors'),
        drawn('gorax/http-5xx-ratio', '5xx', 'gorax/api-errors', errors),
        drawn('gorax/http-p95', 'p95', 'gorax/slow-api', latency),
      ],
    },
    {
      title: 'Gorax queue and workers',
      panels: [
        {
          title: 'Executions',
          description: 'Finished executions a second, by outcome.',
          noValue: 'no execution counter: the workers are not scraped',
          unit: 'ops',
          stacked: true,
          targets: [
            {
              expr: 'sum by (status) (rate(gorax_workflow_executions_total{job="gorax-worker"}[$__rate_interval]))',
              legend: '{{status}}',
            },
          ],
          runbook: 'gorax/queue-backlog',
        },
        drawn('gorax/queue-depth', 'waiting', 'gorax/queue-backlog', {
          title: 'Queue',
          description: 'Executions that wait for a worker.',
          noValue: 'the API reports no depth: it does not reach Redis',
        }),
        drawn('gorax/workers-busy', 'busy', 'gorax/queue-backlog', {
          title: 'Worker slots in use',
          description: 'Executions running, as a share of those that may run at once.',
          noValue: 'the workers are not scraped',
        }),
      ],
    },
    {
      title: 'SQL Studio',
      panels: [
        rate('sql_studio_http_requests_total', 'sqlstudio-backend', 'sqlstudio/high-error-rate'),
        drawn('sqlstudio/http-5xx-ratio', '5xx', 'sqlstudio/high-error-rate', errors),
        drawn('sqlstudio/http-p95', 'p95', 'sqlstudio/high-latency', latency),
      ],
    },
    {
      title: 'Postgres and Redis',
      panels: [
        drawn('gorax/pg-connections-used-per-server', 'of the server', 'gorax/connection-exhaustion', {
          title: 'Connection slots',
          description: 'In use, as a share of max_connections without the slots that are reserved for superusers.',
          noValue: 'the Postgres exporter does not answer',
        }),
        drawn('gorax/pool-saturated', '{{job}}', 'gorax/connection-exhaustion', {
          title: 'Connection pools',
          description: 'Connections that the application has lent out, as a share of the pool.',
          noValue: 'the pools are not scraped',
        }),
        drawn('gorax/idle-in-transaction-age', '{{datname}}', 'gorax/lock-contention', {
          title: 'Idle in transaction',
          description:
            'Age of the oldest transaction that is idle: its locks are held for as long. Sessions that wait are in the runbook.',
          noValue: 'the Postgres exporter does not answer',
        }),
        drawn('gorax/redis-memory-share', 'of maxmemory', 'gorax/redis-failures', {
          title: 'Redis memory',
          description: 'In use, as a share of maxmemory.',
          noValue: 'no limit is set, or the Redis exporter does not answer',
        }),
      ],
    },
  ];
}

const STAT_HEIGHT = 3;
/** More in a row, and Grafana cuts their titles on a screen of 1400 px. */
const STATS_A_ROW = 3;
const LINE_HEIGHT = 7;

/** The classic JSON of the dashboard. Errors: a signal or runbook that it names does not exist. */
export function overviewDashboard(packs: readonly Pack[]): dashboard.Dashboard {
  const builder = new dashboard.DashboardBuilder('Live Runbooks overview')
    .uid('live-runbooks-overview')
    .description('Is it broken, since when, where. Every panel links to the runbook that reads the same signal.')
    .tags(['live-runbooks'])
    .timezone('browser')
    .time({ from: 'now-30m', to: 'now' })
    .refresh('10s')
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .readonly()
    .withVariable(
      new dashboard.DatasourceVariableBuilder('datasource')
        .label('Data source')
        .type('prometheus')
        .current({ selected: true, text: 'Prometheus', value: 'prometheus' })
    )
    .link(
      new dashboard.DashboardLinkBuilder('Triage')
        .type(dashboard.DashboardLinkType.Link)
        .url(`${APP}/triage`)
        .keepTime(true)
    )
    .annotation(
      new dashboard.AnnotationQueryBuilder()
        .name('Starts and deployments')
        .datasource(DATA_SOURCE)
        .enable(true)
        .hide(false)
        .iconColor('purple')
    );

  let id = 0;
  const width = 24 / STATS_A_ROW;
  const placeOf = (index: number): Place => ({
    x: (index % STATS_A_ROW) * width,
    y: Math.floor(index / STATS_A_ROW) * STAT_HEIGHT,
    w: width,
    h: STAT_HEIGHT,
  });
  const firing: PanelText = {
    title: 'Alerts firing',
    description: 'Alerts of Prometheus that fire now.',
    noValue: 'Prometheus does not answer',
  };
  builder.withPanel(
    statPanel((id += 1), placeOf(0), {
      ...firing,
      // No alert is no series: zero here is known, as long as Prometheus answers.
      target: { expr: 'count(ALERTS{alertstate="firing"}) or vector(0)', legend: 'firing' },
      steps: [
        { at: null, colour: 'green' },
        { at: 1, colour: 'red' },
      ],
      runbook: 'gorax/api-errors',
    }).links([new dashboard.DashboardLinkBuilder('Open triage').url(`${APP}/triage?\${__url_time_range}`)])
  );
  availability.forEach(({ expr, ...text }, index) => {
    builder.withPanel(
      statPanel((id += 1), placeOf(index + 1), {
        ...text,
        target: { expr, legend: text.title },
        steps: UP,
      })
    );
  });

  let y = Math.ceil((availability.length + 1) / STATS_A_ROW) * STAT_HEIGHT;
  for (const { title, panels } of rowsOf(packs)) {
    builder.withRow(new dashboard.RowBuilder(title).id((id += 1)).gridPos({ x: 0, y, w: 24, h: 1 }));
    y += 1;
    const w = 24 / panels.length;
    panels.forEach((line, index) => {
      builder.withPanel(linePanel((id += 1), { x: index * w, y, w, h: LINE_HEIGHT }, line));
    });
    y += LINE_HEIGHT;
  }
  return finished(packs, builder.build());
}

/** What the builders leave to be put right, in one place. */
function finished(packs: readonly Pack[], built: dashboard.Dashboard): dashboard.Dashboard {
  const json = JSON.parse(JSON.stringify(built)) as dashboard.Dashboard & { id: null };
  json.id = null;
  for (const link of json.links ?? []) {
    // A key that only the newer schema knows.
    delete (link as { placement?: unknown }).placement;
  }
  // The builder models no annotation query of Prometheus: the value of the series is the moment of the start.
  json.annotations = {
    list: [
      {
        name: 'Starts and deployments',
        datasource: DATA_SOURCE,
        enable: true,
        iconColor: 'purple',
        expr: `({__name__=~"gorax_build_info|sql_studio_build_info"} * on (instance) group_left () process_start_time_seconds{job=~"${SERVICES}"}) * 1000`,
        useValueForTime: 'on',
        titleFormat: '{{job}} started',
        textFormat: 'version {{version}}',
        step: '10s',
      } as unknown as dashboard.AnnotationQuery,
      {
        name: 'Live Runbooks',
        datasource: { type: 'grafana', uid: '-- Grafana --' },
        enable: true,
        iconColor: 'blue',
        target: { type: 'tags', tags: ['live-runbooks'], matchAny: false, limit: 100 },
      } as unknown as dashboard.AnnotationQuery,
    ],
  };
  const known = new Set(packs.flatMap((pack) => pack.runbooks.map((runbook) => `${pack.id}/${runbook.id}`)));
  for (const [, runbook] of JSON.stringify(json).matchAll(/\/runbooks\/([\w-]+\/[\w-]+)/g)) {
    if (runbook !== undefined && !known.has(runbook)) {
      throw new Error(`the overview dashboard links to the runbook ${runbook}, which no pack has`);
    }
  }
  return json;
}
