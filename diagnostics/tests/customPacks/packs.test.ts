import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { compilerOf } from '../../src/customPacks/compiler';
import { type Library, reload, EMPTY, problemAt } from '../../src/customPacks/library';
import { WatchedPacks } from '../../src/customPacks/watched';
import { keptLog, temporaryDirectory } from '../recorder/made';
import { serviceWithStores } from '../recorder/serviceWithStores';
import { ask, holds, until } from '../rig/client';

const PACK = `id: shop
title: Shop
description: A small shop
params:
  job: { title: Job, kind: value, default: shop }
`;
const SIGNALS = `checkout-down:
  title: Checkout does not answer
  prometheus: up{job={{job}}}
  test: { below: 1, critical: 1 }
`;
const RUNBOOK = `id: checkout
title: Checkout is down
summary: Nobody can pay
covers: [S01]
area: availability
service: checkout
severity: critical
alerts: [CheckoutDown]
symptoms: [checkout-down]
causes:
  stopped:
    title: The process is gone
    says: Checkout does not answer
    prior: common
    evidence:
      - { signal: checkout-down, present: decisive, absent: -decisive }
escalate: The team that owns the checkout
`;

function writePack(
  directory: string,
  over: Partial<Record<'pack' | 'signals' | 'runbook', string>> = {},
  name = 'shop'
): void {
  mkdirSync(join(directory, name, 'signals'), { recursive: true });
  writeFileSync(join(directory, name, 'pack.yaml'), over.pack ?? PACK);
  writeFileSync(join(directory, name, 'signals', 'shop.yaml'), over.signals ?? SIGNALS);
  writeFileSync(join(directory, name, 'checkout.yaml'), over.runbook ?? RUNBOOK);
}

async function watched(directory: string, { rescanMs = 0, compileMs = 60_000 } = {}) {
  const { log, lines } = keptLog();
  // However busy the machine is: what is asked for here is waited for.
  const packs = new WatchedPacks({ directory, log, rescanMs, debounceMs: 20, patienceMs: 60_000, compileMs });
  onTestFinished(() => packs.close());
  packs.start();
  await packs.loaded();
  return { packs, lines };
}
const ids = (library: Library): string[] =>
  library.packs.map(({ pack, stale }) => `${pack.id}${stale ? ' (stale)' : ''}`);
const BROKEN = RUNBOOK.replace('signal: checkout-down', 'signal: checkout-dwn');

describe('the library', () => {
  it('serves a good pack compiled, and says nothing', async () => {
    const directory = temporaryDirectory();
    writePack(directory);
    const { packs } = await watched(directory);
    const library = packs.last();
    expect(library.problems).toEqual([]);
    expect(library.packs[0]).toMatchObject({ folder: 'shop', stale: false, pack: { id: 'shop', format: 1 } });
    expect(library.packs[0]?.pack.runbooks[0]?.causes[0]?.identity).toBe('shop/checkout/stopped');
    expect(library.packs[0]?.files).toEqual({ checkout: 'shop/checkout.yaml' });
  });

  it('keeps the last good version of one that breaks, says file and line, and takes the mended one', async () => {
    const directory = temporaryDirectory();
    writePack(directory);
    const { packs, lines } = await watched(directory);
    const good = packs.last().packs[0];
    writePack(directory, { runbook: BROKEN });
    const broken = await packs.current();
    expect(ids(broken)).toEqual(['shop (stale)']);
    expect(broken.packs[0]).toEqual({ ...good, stale: true });
    expect(broken.problems).toEqual([
      expect.objectContaining({ file: 'shop/checkout.yaml', line: 16, rule: 'unknown-signal' }),
    ]);
    expect(broken.problems[0]?.message).toContain('did you mean `checkout-down`');
    expect(lines.at(-1)).toMatchObject({ level: 'warn' });
    writePack(directory, { runbook: RUNBOOK.replace('Nobody can pay', 'Nobody can pay at all') });
    const mended = await packs.current();
    expect(ids(mended)).toEqual(['shop']);
    expect(mended.packs[0]?.hash).not.toBe(good?.hash);
    expect(mended.problems).toEqual([]);
  });

  it('does not serve one that never was good, and does not let it disturb the others', async () => {
    const directory = temporaryDirectory();
    writePack(directory, { runbook: ': not yaml [' }, 'broken');
    writePack(directory);
    const { packs } = await watched(directory);
    expect(ids(packs.last())).toEqual(['shop']);
    expect(packs.last().problems.every((problem) => problem.file.startsWith('broken/'))).toBe(true);
    expect(packs.last().problems.length).toBeGreaterThan(0);
  });

  it('refuses the second pack of an id', async () => {
    const directory = temporaryDirectory();
    writePack(directory);
    writePack(directory, {}, 'shop2');
    const { packs } = await watched(directory);
    expect(packs.last().packs.map((served) => served.folder)).toEqual(['shop']);
    expect(packs.last().problems).toEqual([
      expect.objectContaining({ file: 'shop2/pack.yaml', rule: 'duplicate-pack' }),
    ]);
  });

  it('drops a pack whose folder is gone, and keeps it when its file only cannot be read', async () => {
    const files = { 'shop/pack.yaml': PACK, 'shop/signals/shop.yaml': SIGNALS, 'shop/checkout.yaml': RUNBOOK };
    const compiler = compilerOf(files, 60_000);
    onTestFinished(() => compiler.close());
    const before = await reload(EMPTY, files, [], 1, compiler);
    expect(ids(before)).toEqual(['shop']);
    expect(ids(await reload(before, {}, [], 2, compiler))).toEqual([]);
    const unreadable = problemAt('shop/pack.yaml', 'unreadable', 'cannot be read: EACCES');
    expect(ids(await reload(before, {}, [unreadable], 2, compiler))).toEqual(['shop (stale)']);
  });

  it('says so when the directory is not there, and serves it when it appears', async () => {
    const directory = join(temporaryDirectory(), 'packs');
    const { packs, lines } = await watched(directory);
    expect(packs.last()).toMatchObject({
      packs: [],
      problems: [{ rule: 'unreadable', message: 'cannot be read: ENOENT' }],
    });
    expect(lines.some((line) => line.message.includes('not watched'))).toBe(true);
    writePack(directory);
    expect(ids(await packs.current())).toEqual(['shop']);
  });

  it('follows a ConfigMap as Kubernetes mounts and swaps it', async () => {
    const directory = temporaryDirectory();
    const version = (name: string, runbook: string) => writePack(join(directory, name), { runbook }, 'shop');
    version('..1', RUNBOOK);
    symlinkSync('..1', join(directory, '..data'));
    symlinkSync('..data/shop', join(directory, 'shop'));
    const { packs } = await watched(directory);
    expect(ids(packs.last())).toEqual(['shop']);
    const { hash } = packs.last().packs[0] ?? {};
    version('..2', RUNBOOK.replace('Nobody can pay', 'Nobody'));
    symlinkSync('..2', join(directory, '..data_tmp'));
    renameSync(join(directory, '..data_tmp'), join(directory, '..data'));
    rmSync(join(directory, '..1'), { recursive: true });
    const swapped = await packs.current();
    expect(ids(swapped)).toEqual(['shop']);
    expect(swapped.packs[0]?.hash).not.toBe(hash);
  });

  it('reports what is too large, and ends in a circle of links', async () => {
    const directory = temporaryDirectory();
    writePack(directory);
    writeFileSync(join(directory, 'shop', 'large.yaml'), `# ${'x'.repeat(1_100_000)}`);
    symlinkSync('..', join(directory, 'shop', 'signals', 'circle'));
    const { packs } = await watched(directory);
    const rules = new Set(packs.last().problems.map((problem) => problem.rule));
    expect(rules).toContain('too-large');
    expect(rules.has('too-deep') || rules.has('unreadable')).toBe(true);
  });

  it('notices a change by itself, without being asked', async () => {
    const directory = temporaryDirectory();
    writePack(directory);
    const { packs } = await watched(directory, { rescanMs: Infinity });
    writePack(directory, { runbook: BROKEN });
    await until(
      'the change is seen',
      async () => ids(packs.last()),
      (seen) => seen[0] === 'shop (stale)'
    );
    writePack(directory);
    await until(
      'the mending is seen',
      async () => ids(packs.last()),
      (seen) => seen[0] === 'shop'
    );
  });

  it('takes the packs of this repository', async () => {
    const directory = temporaryDirectory();
    cpSync('runbooks', directory, { recursive: true });
    const { packs } = await watched(directory);
    expect(packs.last().problems).toEqual([]);
    expect(ids(packs.last())).toEqual(['gorax', 'sqlstudio']);
  });
});

describe('a pack that rests on kinds', () => {
  const ACME = 'docs/worked-example/acme';

  it('needs no copy of them: the service has those of its version', async () => {
    const directory = temporaryDirectory();
    cpSync(ACME, join(directory, 'acme'), { recursive: true });
    const { packs } = await watched(directory);
    expect(packs.last().problems).toEqual([]);
    expect(ids(packs.last())).toEqual(['acme']);
    expect(packs.last().packs[0]?.files).toEqual({ 'payments-errors': 'acme/payments-errors.yaml' });
    expect(packs.last().packs[0]?.pack.components?.map(({ id }) => id)).toContain('orders-db');
  });

  it('rests on those in the directory where there are any', async () => {
    const directory = temporaryDirectory();
    cpSync(ACME, join(directory, 'acme'), { recursive: true });
    cpSync('runbooks/kinds/workload', join(directory, 'kinds', 'workload'), { recursive: true });
    const { packs } = await watched(directory);
    expect(ids(packs.last())).toEqual([]);
    expect(packs.last().problems.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('the runbook `http-service/errors` does not exist')
    );
  });
});

describe('files that would harm whoever reads them', () => {
  const turns = async <T>(work: Promise<T>): Promise<{ answer: T; turns: number }> => {
    let count = 0;
    const clock = setInterval(() => (count += 1), 10);
    const answer = await work;
    clearInterval(clock);
    return { answer, turns: count };
  };

  it('pipes, sockets and devices are not read, and cost no other pack', async () => {
    const directory = temporaryDirectory();
    writePack(directory);
    execFileSync('mkfifo', [join(directory, 'pipe.yaml'), join(directory, 'shop', 'signals', 'pipe.yml')]);
    symlinkSync('/dev/zero', join(directory, 'endless.yaml'));
    symlinkSync('/dev/zero', join(directory, 'shop', 'endless.yaml'));
    const { packs } = await watched(directory);
    expect(ids(packs.last())).toEqual(['shop']);
    const refused = packs.last().problems.map(({ file, rule }) => `${file} ${rule}`);
    expect(refused.sort()).toEqual([
      'endless.yaml no-file',
      'pipe.yaml no-file',
      'shop/endless.yaml no-file',
      'shop/signals/pipe.yml no-file',
    ]);
  });

  it('one that takes too long to compile costs its own pack, and blocks nobody', async () => {
    const directory = temporaryDirectory();
    writePack(directory);
    writePack(directory, { signals: '['.repeat(100_000) }, 'slow');
    const { answer, turns: counted } = await turns(watched(directory, { compileMs: 15_000 }));
    expect(ids(answer.packs.last())).toEqual(['shop']);
    expect(answer.packs.last().problems.map(({ file }) => file.split('/')[0])).toContain('slow');
    // The event loop went on meanwhile.
    expect(counted).toBeGreaterThan(10);
  });

  it('one for which a busy machine left no time is tried again with more, though nobody touches its files', async () => {
    const directory = temporaryDirectory();
    writePack(directory);
    const { log } = keptLog();
    // No pack is compiled within a millisecond; the tries have 2, 4, 8 … of them, and no question looks at the files.
    const packs = new WatchedPacks({ directory, log, rescanMs: Infinity, compileMs: 1, retryMs: 1 });
    onTestFinished(() => packs.close());
    packs.start();
    await packs.loaded();
    expect(packs.last().problems).toMatchObject([{ file: 'shop/pack.yaml', rule: 'not-compiled' }]);
    await until(
      'it is compiled',
      async () => packs.last(),
      (library) => ids(library)[0] === 'shop' && library.problems.length === 0
    );
  });

  it('too much of them together is not read', async () => {
    const directory = temporaryDirectory();
    writePack(directory);
    Array.from({ length: 10 }, (_, n) =>
      writeFileSync(join(directory, `large-${n}.yaml`), '# '.padEnd(1_000_000, 'x'))
    );
    const { packs } = await watched(directory);
    expect(packs.last().problems.some(({ message }) => message.includes('all files together'))).toBe(true);
  });

  it('while a change takes long, the packs are answered as they were', async () => {
    const directory = temporaryDirectory();
    writePack(directory);
    const { log } = keptLog();
    const packs = new WatchedPacks({ directory, log, rescanMs: 0, debounceMs: 20, patienceMs: 1, compileMs: 60_000 });
    onTestFinished(() => packs.close());
    packs.start();
    expect(await packs.current()).toEqual(EMPTY);
    await packs.loaded();
    expect(ids(packs.last())).toEqual(['shop']);
  });
});

describe('GET /v1/packs', () => {
  it('has the packs and the problems, and is empty when none are configured', async () => {
    const directory = temporaryDirectory();
    writePack(directory);
    writePack(directory, { runbook: BROKEN }, 'other');
    const service = await serviceWithStores({ packs: { directory } });
    const isCutShort = ({ problems }: Library): boolean => problems.some(({ rule }) => rule === 'not-compiled');
    const { body } = await until(
      'the packs are compiled',
      () => ask<Library>(service, '/v1/packs'),
      (answer) => answer.body.packs.length > 0 && !isCutShort(answer.body)
    );
    holds('CustomPacks', body);
    expect(ids(body)).toEqual(['shop']);
    expect(body.problems[0]).toMatchObject({ file: 'other/checkout.yaml', line: 16 });
    const metrics = await ask<string>(service, '/metrics');
    expect(metrics.body).toContain('live_runbooks_custom_packs{stale="false"} 1');
    const none = await serviceWithStores();
    expect((await ask(none, '/v1/packs')).body).toEqual({ packs: [], problems: [] });
  });
});
