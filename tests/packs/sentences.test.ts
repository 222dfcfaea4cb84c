/** What the sentences of the packs say: no more than what was measured, in numbers that agree, in plain words. */
import { bind, type Outcome, type Pack } from '@live-runbooks/engine';
import { describe, expect, it } from 'vitest';

import { compileSentence, renderSentence, type Facts } from '../../engine/src/wording/sentence';
import { SHIPPED_PACKS } from './shippedPacks';

interface Said {
  readonly where: string;
  readonly text: string;
}

/** Every text of a pack that a page shows. */
function textsOf({ id, signals, runbooks }: Pack): Said[] {
  const said = (where: string, ...texts: ReadonlyArray<string | undefined>): Said[] =>
    texts.flatMap((text) => (text === undefined ? [] : [{ where: `${id}/${where}`, text }]));
  return [
    ...Object.values(signals).flatMap((signal) => said(signal.id, signal.title, ...Object.values(signal.mend ?? {}))),
    ...runbooks.flatMap((runbook) => [
      ...said(runbook.id, runbook.title, runbook.summary, runbook.escalate),
      ...runbook.causes.flatMap((cause) =>
        said(
          `${runbook.id}/${cause.id}`,
          cause.title,
          cause.says,
          ...cause.dont,
          ...cause.evidence.map(({ says }) => says),
          ...cause.lookAlikes.map(({ differs }) => differs)
        )
      ),
      ...Object.values(runbook.fixes).flatMap((fix) =>
        said(
          `${runbook.id}/${fix.id}`,
          fix.title,
          fix.reach,
          fix.note,
          fix.confirm,
          fix.rollback,
          fix.unverified,
          fix.verify?.says
        )
      ),
      ...runbook.prevention.flatMap(({ alert, summary, description }) => said(alert, summary, description)),
      ...runbook.corrections.flatMap(({ instead, why }) => said(`${runbook.id} corrections`, instead, why)),
    ]),
  ];
}

/** Columns that name a thing, in which a 1 would be no amount. */
const NAMES =
  /^(?:pid|application|user|owner|gid|query|queryId|table|index|relation|route|version|reason|class|message|policy|database|workflow_id|holder(?:Pid|Application|State))$/;

/** Facts in which whatever is counted is one. */
function one(pack: Pack): Facts {
  const { values } = bind(pack, {});
  const row = new Proxy({}, { get: (_target, column) => (NAMES.test(String(column)) ? 'it' : 1) });
  return {
    param: (name) => values[name],
    outcome: (id): Outcome | undefined => {
      const signal = pack.signals[id];
      return (
        signal && { signal: id, state: 'present', value: 1, unit: signal.unit, rows: [row], askedAt: 1, tookMs: 1 }
      );
    },
  };
}

/** Words that make a reader stop, that claim what nobody measured, or that say the opposite of what they mean. */
const UNCLEAR: ReadonlyArray<readonly [RegExp, string]> = [
  [/\bread whole\b/, 'full scans of'],
  [/\bno word of\b/, 'no metrics of'],
  [/\bnothing drains\b/, 'the queue is not processed'],
  [/\bat work\b.*\bfor long\b|\bhas been at it\b/, 'has been running for'],
  [/\brows than they want\b/, 'scan far more rows than they return'],
  [/\blets? (?:nobody|the diagnostics service) in\b/, 'cannot open a session'],
  [/\bstand still\b|\ba short while ago\b/, 'are unavailable; how long ago'],
  [/\bby nature\b/, 'what it is that takes long'],
];

describe.each(SHIPPED_PACKS.map((pack) => [pack.id, pack] as const))('the sentences of %s', (_, pack) => {
  const texts = textsOf(pack);

  it('are all read here', () => {
    expect(texts.length).toBeGreaterThan(300);
  });

  it('agree in number where there is one of a thing', () => {
    const facts = one(pack);
    const wrong = texts
      .map(({ where, text }) => ({ where, text: renderSentence(compileSentence(text), facts) }))
      .filter(({ text }) =>
        /\b1 (?:(?:slow|idle|dead|usable|other|more) )?(?!(?:less|times|lifts|sets)\b)[a-z]{3,}s\b/.test(text)
      );
    expect(wrong).toEqual([]);
  });

  it.each(UNCLEAR)('do not say %s: say "%s"', (pattern) => {
    expect(texts.filter(({ text }) => pattern.test(text))).toEqual([]);
  });

  it('say what becomes true after a fix, and not that something is gone', () => {
    const verified = pack.runbooks.flatMap(({ fixes }) => Object.values(fixes).flatMap(({ verify }) => verify ?? []));
    expect(verified.length).toBeGreaterThan(0);
    expect(verified.filter(({ says }) => /\bgone\b|\bbecomes?\b|\babsent\b/.test(says))).toEqual([]);
  });

  it('speak for a second witness only where it was asked: in a clause with what it answered', () => {
    const claims = pack.runbooks.flatMap(({ id, causes }) =>
      causes.flatMap(({ id: cause, says }) =>
        compileSentence(says)
          .clauses.filter(({ optional }) => !optional)
          .flatMap(({ parts }) => parts.filter((part) => typeof part === 'string'))
          .filter((part) => /\bexporter\b|\bcallers? wait/.test(part))
          .map((part) => `${id}/${cause}: ${part}`)
      )
    );
    expect(claims).toEqual([]);
  });
});

it('say of a pool that callers wait for it only where waits are counted: SQL Studio times its queries', () => {
  const pack = SHIPPED_PACKS.find(({ id }) => id === 'sqlstudio');
  expect(pack && textsOf(pack).filter(({ text }) => /callers? (?:have to )?wait/.test(text))).toEqual([]);
});
