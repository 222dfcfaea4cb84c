import { describe, expect, it } from 'vitest';

import { bind, matchAlert, plan, type Param } from '../src/index';
import { cause, evidence, pack, runbook, signal } from './makePack';

const param = (kind: Param['kind'], more: Partial<Param> = {}): Param => ({
  title: 't',
  kind,
  required: true,
  ...more,
});

describe('binding', () => {
  const made = pack([], [], {
    job: param('value', { label: 'job', default: 'api' }),
    metric: param('metric', { default: 'up' }),
  });

  it('takes the URL before the label before the configuration before the default', () => {
    const all = { url: { 'var-job': 'u' }, labels: { job: 'l' }, configured: { job: 'c' } };
    expect(bind(made, all)).toMatchObject({
      values: { job: 'u', metric: 'up' },
      from: { job: 'url', metric: 'default' },
    });
    expect(bind(made, { ...all, url: { 'var-job': '' } }).values['job']).toBe('l');
    expect(bind(made, { configured: all.configured }).values['job']).toBe('c');
    expect(bind(made, {}).values['job']).toBe('api');
  });

  it.each([
    ['metric', 'up} or vector(1)'],
    ['metric', '0up'],
    ['metric', 'up{a="b"}'],
    ['duration', '5'],
    ['duration', '0s'],
    ['duration', '5m]) or vector(1'],
    ['duration', ''.padEnd(3)],
    ['selector', 'job="a"} or vector(1) or {x="y"'],
    ['selector', 'job=api'],
    ['selector', 'job="a" or up'],
    ['selector', 'job="a\\"'],
    ['number', '1) or vector(1'],
    ['number', 'NaN'],
    ['value', 'a\0b'],
  ] as const)('refuses for a %s: %j, and has then no value', (kind, value) => {
    const bound = bind(pack([], [], { x: param(kind, { default: '1' }) }), { url: { x: value } });
    expect(bound.problems['x']).toMatchObject({ code: 'refused', from: 'url' });
    expect(bound.values).not.toHaveProperty('x');
  });

  it.each([
    ['metric', 'job:http:rate5m'],
    ['duration', '1h30m'],
    ['selector', 'job="a\\"b", env!~"x|y"'],
    ['number', '-1.5e3'],
    ['value', 'a"b\\'],
  ] as const)('accepts for a %s: %j', (kind, value) => {
    expect(bind(pack([], [], { x: param(kind) }), { url: { x: value } })).toMatchObject({
      values: { x: value },
      problems: {},
    });
  });

  it('holds a value against the whole of its pattern', () => {
    const strict = pack([], [], { x: param('value', { pattern: '[a-z]+' }) });
    expect(bind(strict, { url: { x: 'abc1' } }).problems['x']?.message).toContain('[a-z]+');
    expect(bind(strict, { url: { x: 'abc' } }).problems).toEqual({});
  });

  it('says which parameter is missing and where to set it', () => {
    expect(bind(pack([], [], { x: param('value') }), {}).problems['x']).toMatchObject({
      code: 'missing',
      mend: expect.stringContaining('configuration') as string,
    });
  });
});

describe('the plan', () => {
  const signals = [
    signal('a', { query: { source: 'prometheus', expr: 'up{job={{job}}}' } }),
    signal('b', { query: { source: 'prometheus', expr: 'up{job={{job}}}' }, test: { below: 1 } }),
    signal('c', { query: { source: 'prometheus', expr: 'x{{{selector}}}[{{window}}]' } }),
    signal('d', {
      query: { source: 'diagnostics', check: 'postgres.blocking', target: '{{pg}}', read: { field: 'waiting' } },
    }),
    signal('e', {
      query: {
        source: 'diagnostics',
        check: 'postgres.blocking',
        target: '{{pg}}',
        read: { rows: 'roots', where: {} },
      },
    }),
    signal('f', { query: { source: 'alert', name: 'X', labels: {} } }),
    signal('g', { query: { source: 'alert', name: 'Y', labels: {} } }),
    signal('h', { query: { source: 'manual', ask: 'Really?' } }),
  ];
  const params = {
    job: param('value', { default: 'api' }),
    pg: param('value', { default: 'pg-1' }),
    selector: param('selector'),
    window: param('duration', { default: '5m' }),
  };
  const made = pack([runbook('r', ['a'], [cause('k', [evidence('d', 'strong')], { says: '{{f}}' })])], signals, params);

  it('asks one question once, and groups questions by source and target', () => {
    const planned = plan([bind(made, { url: { selector: 'a="b"' } })]);
    const asked = new Map(planned.queries.map(({ expr, check, signals: keys }) => [expr || (check ?? 'alerts'), keys]));
    expect(asked).toEqual(
      new Map([
        ['up{job="api"}', ['p/a', 'p/b']],
        ['x{a="b"}[5m]', ['p/c']],
        ['postgres.blocking', ['p/d', 'p/e']],
        ['alerts', ['p/f', 'p/g']],
      ])
    );
    expect(planned.requests.map(({ source, target, queries }) => [source, target, queries.length]).sort()).toEqual([
      ['alert', undefined, 1],
      ['diagnostics', 'pg-1', 1],
      ['prometheus', undefined, 2],
    ]);
  });

  it('lists what cannot be asked, with how to mend it', () => {
    const { unplanned } = plan([bind(made, {})]);
    expect(unplanned).toEqual([
      { signal: 'p/c', reason: 'not-configured', mend: expect.stringContaining('selector') as string },
      { signal: 'p/h', reason: 'not-configured', mend: 'Really?' },
    ]);
  });

  it('gives one question the same name in every plan', () => {
    const all = plan([bind(made, {})]).queries.find(({ signals: keys }) => keys.includes('p/a'));
    const some = plan([bind(made, {})], { signals: ['p/b'] }).queries;
    expect(some.map(({ id }) => id)).toEqual([all?.id]);
    expect(all?.id).toMatch(/^q[a-z0-9]+$/);
    expect(plan([bind(made, { url: { job: 'other' } })], { signals: ['a'] }).queries[0]?.id).not.toBe(all?.id);
  });

  it('plans for a runbook its symptoms, its evidence and the facts of its sentences, and nothing else', () => {
    const keys = plan([bind(made, {})], { runbooks: ['p/r'] }).queries.flatMap(({ signals: names }) => names);
    expect(keys.sort()).toEqual(['p/a', 'p/d', 'p/f']);
  });

  it('splits many questions into groups of even size', () => {
    const many = Array.from({ length: 101 }, (_, index) =>
      signal(`m${index}`, { query: { source: 'prometheus', expr: `m${index}` } })
    );
    expect(plan([bind(pack([], many), {})]).requests.map(({ queries }) => queries.length)).toEqual([51, 50]);
  });
});

describe('alerts', () => {
  const one = {
    ...pack([runbook('r', ['s'], [], { alerts: ['HighErrorRate'], service: 'gorax' })], [], {
      job: param('value', { label: 'job' }),
    }),
    id: 'gorax',
  };
  const two = {
    ...pack([runbook('q', ['s'], [], { alerts: ['HighErrorRate'], service: 'sqlstudio' })]),
    id: 'sqlstudio',
  };

  it('open the runbooks that name them, with the parameters that their labels give', () => {
    expect(matchAlert([one, two], { name: 'HighErrorRate', labels: { job: 'api' } })).toEqual([
      { pack: 'gorax', runbook: 'r', params: { job: 'api' } },
      { pack: 'sqlstudio', runbook: 'q', params: {} },
    ]);
    expect(matchAlert([one, two], { name: 'Other', labels: {} })).toEqual([]);
  });

  it('are told apart by the label service', () => {
    expect(
      matchAlert([one, two], { name: 'HighErrorRate', labels: { service: 'sqlstudio' } }).map(({ runbook: id }) => id)
    ).toEqual(['q']);
    expect(
      matchAlert([one, two], { name: 'HighErrorRate', labels: { service: 'gorax-api' } }).map(({ runbook: id }) => id)
    ).toEqual(['r']);
    expect(matchAlert([one, two], { name: 'HighErrorRate', labels: { service: 'unheard-of' } })).toHaveLength(2);
  });
});

describe('a quarter of a window', () => {
  const of = (window: string, kind: Param['kind'] = 'duration') => {
    const made = pack([], [signal('s', { query: { source: 'prometheus', expr: 'rate(x[{{window | quarter}}])' } })], {
      window: param(kind),
    });
    return plan([bind(made, { configured: { window } })]);
  };

  it.each([
    ['5m', '75s'],
    ['15s', '3750ms'],
    ['1h30m', '1350s'],
    ['1d', '21600s'],
    ['2ms', '1ms'],
  ])('of %s is %s', (window, quarter) => expect(of(window).queries[0]?.expr).toBe(`rate(x[${quarter}])`));

  it.each([
    ['15s', '2s', '8s', 'never shorter than four scrapes'],
    ['5m', '15s', '75s', 'a quarter that is long enough stays'],
    ['5s', '2s', '5s', 'nor longer than the window'],
  ])('of %s at a scrape interval of %s is %s: %s', (window, scrape, quarter) => {
    const made = pack([], [signal('s', { query: { source: 'prometheus', expr: 'rate(x[{{window | quarter}}])' } })], {
      window: param('duration'),
      scrape: param('duration'),
    });
    expect(plan([bind(made, { configured: { window, scrape } })]).queries[0]?.expr).toBe(`rate(x[${quarter}])`);
  });

  it('is of durations only', () => {
    expect(of('5', 'number')).toMatchObject({
      queries: [],
      unplanned: [{ mend: expect.stringContaining('duration') }],
    });
  });
});

describe('the pods of a workload', () => {
  const made = pack([], [signal('s', { query: { source: 'prometheus', expr: 'x{pod=~"{{workload | pods}}"}' } })], {
    workload: param('value'),
  });
  const expr = plan([bind(made, { configured: { workload: 'gorax-api' } })]).queries[0]?.expr ?? '';
  const pods = new RegExp(`^(?:${/"(.*)"/.exec(expr)?.[1] ?? ''})$`);

  it.each(['gorax-api-7d9f8b6c5-x2k4q', 'gorax-api-7d9f8b6c57-x2k4q', 'gorax-api-0', 'gorax-api-12'])(
    'are %s',
    (name) => expect(name).toMatch(pods)
  );
  it.each([
    'gorax-api-canary-7d9f8b6c5-x2k4q',
    'gorax-api-canary-x2k4q',
    'gorax-api-2-7d9f8b6c5-x2k4q',
    'gorax-api-worker-0',
    'old-gorax-api-0',
    'gorax-api',
  ])('are not %s', (name) => expect(name).not.toMatch(pods));
});

describe('the pods of the deployments that a selector picks', () => {
  const made = pack([], [signal('s', { query: { source: 'prometheus', expr: 'x{ {{scope | pods}} }' } })], {
    scope: param('selector'),
  });
  const exprOf = (scope: string) => plan([bind(made, { configured: { scope } })]);
  const HASH = '[bcdfghjklmnpqrstvwxz2456789]{1,10}-[bcdfghjklmnpqrstvwxz2456789]{5}';

  it.each([
    ['namespace="eu",deployment="api"', `namespace="eu",pod=~"api-${HASH}"`],
    ['deployment="a.b"', `pod=~"a\\\\.b-${HASH}"`],
    ['deployment="a\\x2eb"', `pod=~"a\\\\.b-${HASH}"`],
    ['deployment="a\\"b"', `pod=~"a\\"b-${HASH}"`],
    ['deployment=~"a|b\\\\.c"', `pod=~"(?:a|b\\\\.c)-${HASH}"`],
    ['deployment!="api",deployment!~"b.*"', `pod!~"api-${HASH}",pod!~"(?:b.*)-${HASH}"`],
  ])('%s', (scope, pods) => {
    expect(exprOf(scope).queries[0]?.expr).toBe(`x{ ${pods} }`);
  });

  it('are not known where it names no deployment', () => {
    expect(exprOf('namespace="eu"')).toMatchObject({
      queries: [],
      unplanned: [{ mend: expect.stringContaining('which deployment') }],
    });
  });
});

describe('a selector whose default is made of other parameters', () => {
  const made = pack([], [signal('s', { query: { source: 'prometheus', expr: 'x{ {{scope}} }' } })], {
    scope: { ...param('selector'), required: false, default: 'namespace="{{namespace}}",deployment="{{name}}"' },
    namespace: { ...param('value'), label: 'namespace', default: 'eu' },
    name: { ...param('value'), pattern: '[a-z"]+', required: false },
  });

  it('follows their values, wherever they come from', () => {
    const bound = bind(made, { labels: { namespace: 'us' }, configured: { name: 'say"hi"' } });
    expect(bound.values['scope']).toBe('namespace="us",deployment="say\\"hi\\""');
    expect(plan([bound]).queries[0]?.expr).toBe('x{ namespace="us",deployment="say\\"hi\\"" }');
  });

  it('gives way to a value of its own', () => {
    expect(bind(made, { url: { 'var-scope': 'job="x"' }, configured: { name: 'api' } }).values['scope']).toBe(
      'job="x"'
    );
  });

  it('has no value while one of them has none, and says which was refused', () => {
    expect(bind(made, {}).values['scope']).toBeUndefined();
    expect(bind(made, {}).problems).toEqual({});
    expect(plan([bind(made, { configured: { name: 'API' } })]).unplanned).toMatchObject([
      { signal: 'p/s', mend: expect.stringContaining('The parameter name') },
    ]);
  });
});
