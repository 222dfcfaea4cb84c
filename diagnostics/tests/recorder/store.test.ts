import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
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
