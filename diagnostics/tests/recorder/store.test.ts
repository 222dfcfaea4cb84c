import {
  chmodSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { StoreUnavailable } from '../../src/store/failure';
import { Store, type StoreOptions } from '../../src/store/store';
import { keptLog, START, temporaryDirectory } from './made';

const NOTES = ['CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)'];

function madeStore(over: Partial<StoreOptions<{ add(text: string): void; all(): string[] }>> = {}) {
  const { log, lines } = keptLog();
  const file = over.file ?? join(temporaryDirectory(), 'notes.db');
  const store = new Store({
    name: 'incidents' as const,
    file,
    migrations: NOTES,
    prepare: (database) => {
      const add = database.prepare('INSERT INTO note (text) VALUES (?)');
      const all = database.prepare('SELECT text FROM note ORDER BY id');
      return {
        add: (text: string) => void add.run(text),
        all: () => (all.all() as Array<{ text: string }>).map((row) => row.text),
      };
    },
    durable: true,
    maxBytes: 16_000_000,
    keepAside: 2,
    log,
    now: () => START,
    ...over,
  });
  onTestFinished(() => store.close());
  return { store, file, lines };
}

function failureIn(work: () => unknown) {
  try {
    work();
  } catch (error) {
    if (error instanceof StoreUnavailable) {
      return error.failure;
    }
    throw error;
  }
  throw new Error('nothing failed');
}

/** Overwrites the middle of a file, as a bad disk does. */
function damage(file: string): void {
  const size = statSync(file).size;
  const handle = openSync(file, 'r+');
  for (let at = 4096; at < size; at += 4096) {
    writeSync(handle, Buffer.alloc(2048, 0x5a), 0, 2048, at);
  }
  closeSync(handle);
}

afterEach(() => vi.restoreAllMocks());

describe('a store', () => {
  it('keeps what is written, undoes what fails half-way, and passes the error on', () => {
    const { store } = madeStore();
    store.write((notes) => notes.add('one'));
    expect(() =>
      store.write((notes) => {
        notes.add('two');
        throw new RangeError('changed my mind');
      })
    ).toThrow(RangeError);
    expect(store.read((notes) => notes.all())).toEqual(['one']);
    expect(store.status()).toMatchObject({ state: 'ok', setAside: [] });
  });

  it('migrates a file of an older version, and refuses one of a newer version untouched', () => {
    const { store, file } = madeStore();
    store.write((notes) => notes.add('old'));
    store.close();
    const next = madeStore({ file, migrations: [...NOTES, 'ALTER TABLE note ADD COLUMN author TEXT'] });
    expect(next.store.read((notes) => notes.all())).toEqual(['old']);
    next.store.close();
    const back = madeStore({ file });
    expect(failureIn(() => back.store.read((notes) => notes.all()))).toMatchObject({ problem: 'newer' });
    expect(back.store.status()).toMatchObject({ state: 'failing', setAside: [] });
    expect(readdirSync(dirname(file))).not.toContainEqual(expect.stringContaining('corrupt'));
  });

  it('undoes a migration that fails half-way', () => {
    const { store, file } = madeStore({ migrations: [...NOTES, 'CREATE TABLE good (a); CREATE TABLE note (b)'] });
    expect(() => store.read((notes) => notes.all())).toThrow(StoreUnavailable);
    store.close();
    const { store: again } = madeStore({ file });
    expect(again.read((_, database) => database.prepare('PRAGMA user_version').get())).toEqual({ user_version: 1 });
    expect(
      again.read((_, database) => database.prepare("SELECT name FROM sqlite_schema WHERE name = 'good'").all())
    ).toEqual([]);
  });

  it('can have one service only, and is free again when that one is gone', () => {
    const { store, file } = madeStore();
    store.write((notes) => notes.add('mine'));
    const second = madeStore({ file });
    expect(failureIn(() => second.store.write((notes) => notes.add('theirs')))).toMatchObject({ problem: 'in-use' });
    store.close();
    const third = madeStore({ file });
    expect(third.store.read((notes) => notes.all())).toEqual(['mine']);
  });
});

describe('a damaged file', () => {
  it('that is no database is set aside, kept as it was, reported, and a fresh one is started', () => {
    const directory = temporaryDirectory();
    const file = join(directory, 'notes.db');
    writeFileSync(file, 'no database at all '.repeat(1000));
    const { store, lines } = madeStore({ file });
    store.write((notes) => notes.add('goes on'));
    expect(store.read((notes) => notes.all())).toEqual(['goes on']);
    const aside = join(directory, 'notes.db.corrupt-20260105T000000Z');
    expect(readFileSync(aside, 'utf8')).toContain('no database at all');
    expect(store.status()).toMatchObject({ state: 'ok', setAside: [{ at: START, file: aside }] });
    expect(lines.filter((line) => line.level === 'error').map((line) => line.facts)).toContainEqual({
      file,
      setAside: aside,
    });
  });

  it('that is damaged inside is found when it is opened', () => {
    const { store, file } = madeStore();
    store.write((notes) => Array.from({ length: 500 }, (_, index) => notes.add(`${index} `.repeat(50))));
    store.close();
    damage(file);
    const { store: again } = madeStore({ file });
    expect(again.read((notes) => notes.all())).toEqual([]);
    expect(again.status().setAside).toHaveLength(1);
  });

  it('that is damaged while it is used is set aside then, and the next answer comes from the fresh one', () => {
    const { store, file } = madeStore();
    store.write((notes) => Array.from({ length: 4000 }, (_, index) => notes.add(`${index} `.repeat(200))));
    store.read((_, database) => database.exec('PRAGMA wal_checkpoint(TRUNCATE)'));
    store.read((_, database) => database.exec('PRAGMA cache_size = 1'));
    damage(file);
    expect(failureIn(() => store.read((notes) => notes.all()))).toMatchObject({ problem: 'corrupt' });
    store.write((notes) => notes.add('after'));
    expect(store.read((notes) => notes.all())).toEqual(['after']);
    expect(store.status()).toMatchObject({ state: 'ok' });
  });

  it('again and again does not fill the disk with what was set aside', () => {
    const file = join(temporaryDirectory(), 'notes.db');
    let now = START;
    for (let round = 0; round < 5; round++) {
      writeFileSync(file, `damaged ${round} `.repeat(1000));
      const { store } = madeStore({ file, now: () => (now += 1000) });
      store.write((notes) => notes.add('x'));
      store.close();
    }
    const aside = readdirSync(dirname(file)).filter((name) => /\.corrupt-\w+$/.test(name));
    expect(aside).toHaveLength(2);
    expect(readFileSync(join(dirname(file), aside.sort().at(-1) ?? ''), 'utf8')).toContain('damaged 4');
  });
});

describe('a file that knows less than was written to it', () => {
  /** What a `kill -9` leaves: the file and its log, both as they were, copied while the store was open. */
  function killed(): { readonly file: string; readonly written: number } {
    const { store, file } = madeStore();
    store.write((notes) => notes.add('old'));
    store.close();
    const running = madeStore({ file });
    Array.from({ length: 20 }, (_, index) => running.store.write((notes) => notes.add(`new ${index}`)));
    const copy = join(temporaryDirectory(), 'notes.db');
    ['', '-wal', '.height'].forEach((suffix) => copyFileSync(file + suffix, copy + suffix));
    return { file: copy, written: 21 };
  }

  it('is whole after a kill, and nothing is noted', () => {
    const { file, written } = killed();
    const { store } = madeStore({ file });
    expect(store.read((notes) => notes.all())).toHaveLength(written);
    expect(store.losses.all()).toEqual([]);
  });

  it.each([
    ['its log is deleted after a kill', (file: string) => rmSync(`${file}-wal`), 'entries-lost', 20],
    ['its log is cut after a kill', (file: string) => truncateSync(`${file}-wal`, 20_000), 'entries-lost', undefined],
    ['its log is emptied after a kill', (file: string) => truncateSync(`${file}-wal`, 0), 'entries-lost', 20],
    ['it is deleted', (file: string) => rmSync(file), 'entries-lost', 21],
    ['it is emptied', (file: string) => truncateSync(file, 0), 'file-set-aside', 1],
    ['it is cut to one byte', (file: string) => truncateSync(file, 1), 'file-set-aside', 1],
    ['it is cut to half a header', (file: string) => truncateSync(file, 50), 'file-set-aside', 1],
  ] as const)('%s: told by the log and as a loss, and the store goes on', (_, harm, what, count) => {
    const { file } = killed();
    harm(file);
    const { store, lines } = madeStore({ file });
    store.write((notes) => notes.add('goes on'));
    expect(store.read((notes) => notes.all())).toContain('goes on');
    expect(store.losses.all()).toEqual([
      expect.objectContaining({ store: 'incidents', what, ...(count === undefined ? {} : { count }) }),
    ]);
    expect(lines).toContainEqual(expect.objectContaining({ level: 'error' }));
    store.close();
    // Told once: the next start finds what this one left.
    const next = madeStore({ file });
    expect(next.store.read((notes) => notes.all())).toContain('goes on');
    expect(next.store.losses.all()).toEqual([]);
  });

  it('without that number beside it is taken as it is', () => {
    const { file, written } = killed();
    rmSync(`${file}.height`);
    expect(madeStore({ file }).store.read((notes) => notes.all())).toHaveLength(written);
    writeFileSync(`${file}.height`, 'garbage');
    expect(madeStore({ file: file }).store.losses.all()).toEqual([]);
  });
});

describe('a file that is taken away while it is used', () => {
  it.each([
    ['with its directory', (file: string) => rmSync(dirname(file), { recursive: true })],
    ['alone', (file: string) => rmSync(file)],
    ['its log', (file: string) => rmSync(`${file}-wal`)],
    [
      'for another file',
      (file: string) => {
        rmSync(file);
        writeFileSync(file, 'another');
      },
    ],
  ])('%s: is written anew with everything in it, and nothing that was answered is lost', (_, take) => {
    const directory = join(temporaryDirectory(), 'state');
    const { store, file, lines } = madeStore({ file: join(directory, 'notes.db') });
    store.write((notes) => notes.add('before'));
    take(file);
    store.write((notes) => notes.add('after'));
    expect(lines.map(({ message }) => message)).toEqual([
      'the file was taken away while it was used',
      'the file was written anew, with everything that was in it',
    ]);
    expect(store.status()).toMatchObject({ state: 'ok' });
    store.close();
    const { store: again } = madeStore({ file });
    expect(again.read((notes) => notes.all())).toEqual(['before', 'after']);
    expect(again.losses.all()).toEqual([]);
  });

  it('and cannot be written again: the next write is refused, and health says so before that', () => {
    const parent = temporaryDirectory();
    const { store, file } = madeStore({ file: join(parent, 'state', 'notes.db') });
    store.write((notes) => notes.add('before'));
    rmSync(dirname(file), { recursive: true });
    writeFileSync(dirname(file), 'a file where the directory was');
    expect(store.status()).toMatchObject({ state: 'failing' });
    expect(failureIn(() => store.write((notes) => notes.add('after')))).toMatchObject({ problem: 'cannot-open' });
    expect(store.losses.count('incidents', 'file-gone')).toBe(1);
  });

  it.each([
    ['and what was in it is in memory, it is written anew', 2000, true],
    ['and what was in it cannot be read any more, that is told', 1, false],
  ])('and emptied while it is used, %s', (_, cached, whole) => {
    const { store, file } = madeStore();
    store.write((notes) => Array.from({ length: 200 }, (__, index) => notes.add(`${index} `.repeat(200))));
    store.read((__, database) => database.exec('PRAGMA wal_checkpoint(TRUNCATE)'));
    store.read((__, database) => database.exec(`PRAGMA cache_size = ${cached}`));
    store.read((notes) => notes.all());
    truncateSync(file, 0);
    store.write((notes) => notes.add('after'));
    expect(store.read((notes) => notes.all())).toHaveLength(whole ? 201 : 1);
    expect(store.losses.all().length > 0).toBe(!whole);
  });
});

describe('what lies beside a file', () => {
  it('a lock that is garbage is nobody’s, and the file is not blamed for it', () => {
    const { store, file } = madeStore();
    store.write((notes) => notes.add('sound'));
    store.close();
    writeFileSync(`${file}.lock`, 'garbage '.repeat(100));
    const { store: again } = madeStore({ file });
    expect(again.read((notes) => notes.all())).toEqual(['sound']);
    expect(again.status()).toMatchObject({ state: 'ok', setAside: [] });
    expect(failureIn(() => madeStore({ file }).store.read((notes) => notes.all()))).toMatchObject({
      problem: 'in-use',
    });
  });

  it('everything is for the owner alone, also what was there before', () => {
    const directory = join(temporaryDirectory(), 'state');
    const file = join(directory, 'notes.db');
    mkdirSync(directory);
    writeFileSync(file, '');
    chmodSync(file, 0o644);
    const { store } = madeStore({ file });
    store.write((notes) => notes.add('x'));
    const modes = readdirSync(directory).map((name) => [
      name,
      (statSync(join(directory, name)).mode & 0o777).toString(8),
    ]);
    expect(modes.length).toBeGreaterThanOrEqual(5);
    expect(modes.filter(([, mode]) => mode !== '600')).toEqual([]);
  });
});

describe('a flipped byte of the header', () => {
  it('is damage or changes nothing: never a mount that is read-only, never a newer version', () => {
    const { store, file } = madeStore();
    store.write((notes) => notes.add('kept'));
    store.close();
    const whole = readFileSync(file);
    const said: Record<string, number> = {};
    for (let at = 0; at < 100; at += 1) {
      const copy = join(temporaryDirectory(), 'notes.db');
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ (at === 63 ? 2 : 0xff);
      writeFileSync(copy, bytes);
      const { store: each, lines } = madeStore({ file: copy, durable: false });
      each.write((notes) => notes.add('new'));
      const texts = each.read((notes) => notes.all());
      const outcome = each.losses.count('incidents', 'file-set-aside') === 1 ? 'set aside' : 'kept';
      said[outcome] = (said[outcome] ?? 0) + 1;
      expect(texts, `byte ${at}`).toEqual(outcome === 'kept' ? ['kept', 'new'] : ['new']);
      const problems = lines.map(({ facts }) => facts.problem).filter((problem) => problem !== undefined);
      expect(
        problems.every((problem) => problem === 'corrupt'),
        `byte ${at}: ${problems.join()}`
      ).toBe(true);
      each.close();
    }
    expect(said['set aside']).toBeGreaterThan(40);
  });
});

describe('a disk that does not take it', () => {
  it('full: writing is refused, reading goes on, and writing too when there is room', () => {
    const { store, lines } = madeStore({ maxBytes: 300_000 });
    let written = 0;
    const failure = failureIn(() => {
      for (;;) {
        store.write((notes) => notes.add('x'.repeat(5000)));
        written += 1;
      }
    });
    expect(failure).toMatchObject({ problem: 'full' });
    expect(written).toBeGreaterThan(20);
    expect(store.read((notes) => notes.all())).toHaveLength(written);
    expect(store.status()).toMatchObject({ state: 'failing', problem: { problem: 'full', since: START } });
    expect(failureIn(() => store.write((notes) => notes.add('y'.repeat(5000))))).toMatchObject({ problem: 'full' });
    // The log says it once, not at every refusal.
    expect(lines.filter((line) => line.facts.problem === 'full' && line.level === 'error')).toHaveLength(1);
    store.write((_, database) => database.exec('DELETE FROM note WHERE id < 20'));
    store.write((notes) => notes.add('room again'));
    expect(store.status()).toMatchObject({ state: 'ok' });
  });

  it('no directory to write in: says so, does not try at every call, and works as soon as it can', () => {
    const directory = temporaryDirectory();
    const blocked = join(directory, 'state');
    writeFileSync(blocked, 'a file where the directory should be');
    const { store } = madeStore({ file: join(blocked, 'notes.db') });
    expect(() => store.write((notes) => notes.add('x'))).toThrow(StoreUnavailable);
    expect(store.status()).toMatchObject({ state: 'failing', bytes: null });
    renameSync(blocked, `${blocked}-moved`);
    expect(() => store.write((notes) => notes.add('x'))).toThrow(StoreUnavailable);
    const passed = performance.now() + 6000;
    vi.spyOn(performance, 'now').mockReturnValue(passed);
    store.write((notes) => notes.add('works'));
    expect(store.status()).toMatchObject({ state: 'ok' });
  });
});
