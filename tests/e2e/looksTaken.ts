/**
 * Every look at an estate while a test runs: each state that the page renders, and beside it the looks of a second reader
 * (`tests/looks/watch.ts`), which has the outcomes that a ranking rule can be written from.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Page } from '@playwright/test';
import { testIds } from '../../src/components/testIds';
import { WAIT_MS, askedInTurn } from './polling';
import { type Accusation, type Look, wronglyLikely } from '../looks/look';

const ROOT = path.resolve(__dirname, '../..');
const LOOKS_DIR = path.join(ROOT, 'test-results/looks');

/** What the page said, as `TriageReading`, with the place of each suspect in its list. */
export interface PageLook extends Accusation {
  readonly word: string;
  readonly sentence: string;
}

interface Seen {
  readonly look: Look & { readonly starved: boolean };
  readonly outcomes: Readonly<Record<string, object & { readonly since?: number }>>;
}

/** Calls `note` for each state that Triage renders, also one that stands for a single frame. Before the page is opened. */
export async function notePageLooks(page: Page, note: (look: PageLook) => void): Promise<void> {
  await page.exposeFunction('noteLook', note);
  await page.addInitScript(
    (ids) => {
      let last = '';
      const look = () => {
        const find = (id: string) => document.querySelector<HTMLElement>(`[data-testid="${id}"]`);
        const word = find(ids.word);
        if (!word) {
          return;
        }
        const seen = {
          word: word.textContent?.trim() ?? '',
          sentence: find(ids.sentence)?.textContent?.trim() ?? '',
          suspects: [...document.querySelectorAll<HTMLElement>(`[data-testid="${ids.suspect}"]`)].map((row) => ({
            causes: (row.dataset.causes ?? '').split(' '),
            verdict: row.dataset.verdict,
            ...(row.dataset.rank === undefined ? { explainedBy: 'a suspect above it' } : {}),
          })),
        };
        const text = JSON.stringify(seen);
        if (text !== last) {
          last = text;
          void (window as unknown as { noteLook: (look: object) => void }).noteLook({ at: Date.now(), ...seen });
        }
      };
      new MutationObserver(look).observe(document, {
        subtree: true,
        childList: true,
        characterData: true,
        attributes: true,
      });
    },
    { word: testIds.verdict.word, sentence: testIds.verdict.sentence, suspect: testIds.triage.suspect }
  );
}

/** The second reader of one estate, for as long as its worker lives. */
export interface SecondReader {
  /** The looks since a moment, ms. */
  since(at: number): readonly Seen[];
  stop(): void;
}

export function startSecondReader(grafana: string, service: string): SecondReader {
  const seen: Seen[] = [];
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', 'tests/looks/watch.ts', grafana, service], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.stdout) {
    createInterface({ input: child.stdout }).on('line', (line) => seen.push(JSON.parse(line) as Seen));
  }
  return {
    since: (at) => seen.filter(({ look }) => look.at >= at),
    stop: () => void child.kill('SIGTERM'),
  };
}

/** Looks after a fault was named, until its windows are full: what is recorded then is how the fault looks to who comes late. */
const FULL_LOOKS = 15;

/**
 * With RECORD_OUTCOMES=1 leaves what is seen now as `tests/packs/recorded/<name>.json`, once the windows are full,
 * a line for each signal. Without it does nothing.
 */
export async function recordOutcomes(name: string, reader: SecondReader): Promise<void> {
  if (process.env.RECORD_OUTCOMES !== '1') {
    return;
  }
  const since = Date.now();
  // A fault that takes the whole machine starves the service as well: then looks at a starved one have to do.
  const later = () => {
    const all = reader.since(since);
    const calm = all.filter(({ look }) => !look.starved);
    return Promise.resolve(calm.length === 0 && all.length >= 2 * FULL_LOOKS ? all : calm);
  };
  const looks = await askedInTurn('full windows', WAIT_MS, later, ({ length }) => length >= FULL_LOOKS);
  // Times of that day mean nothing later.
  const outcomes = Object.entries(looks.at(-1)?.outcomes ?? {})
    .map(([key, { since: _since, ...outcome }]) => `${JSON.stringify(key)}: ${JSON.stringify(outcome)}`)
    .sort();
  const file = path.join(ROOT, 'tests/packs/recorded', `${name}.json`);
  writeFileSync(file, `{\n${outcomes.join(',\n')}\n}\n`);
}

/** One line for each look in which something stands as likely that may not. */
export function wrongLooks(looks: readonly Accusation[], allowed: readonly string[], from: number): readonly string[] {
  return looks.flatMap((look) =>
    wronglyLikely(look, allowed).map((cause) => `after ${((look.at - from) / 1000).toFixed(1)} s: Likely ${cause}`)
  );
}

/** Leaves everything that was seen where a person looks after a failed run: `test-results/looks/<name>.json`. */
export function saveLooks(name: string, said: object): string {
  mkdirSync(LOOKS_DIR, { recursive: true });
  const file = path.join(LOOKS_DIR, `${name}.json`);
  writeFileSync(file, `${JSON.stringify(said, null, 1)}\n`);
  return path.relative(ROOT, file);
}
