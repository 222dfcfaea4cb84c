import type { Cause, Evidence } from '../../model/pack';
import { notAmong } from '../problem';
import type { AuthoredCause } from '../schema';
import { compileEvidence } from './compileParts';
import type { Definitions, Entry, Origin } from './definitions';

/** A cause of a runbook, with what it leaves to the shared cause that it uses. */
export function compileCause(
  defs: Definitions,
  pack: string,
  runbook: string,
  id: string,
  authored: AuthoredCause,
  origin: Origin
): Cause {
  let shared: Entry<AuthoredCause> | undefined;
  if (authored.use !== undefined) {
    shared = defs.causes.get(authored.use);
    if (shared === undefined) {
      defs.fail(
        { source: origin.source, path: [...origin.path, 'use'] },
        'unknown-cause',
        notAmong('the shared cause', authored.use, [...defs.causes.keys()])
      );
    }
  }
  const merged: AuthoredCause = { ...shared?.value, ...definedOnly(authored) };
  for (const field of ['title', 'says', 'evidence', 'effects', 'explains', 'lookAlikes', 'dont', 'fixes'] as const) {
    const from = authored[field] !== undefined || shared === undefined ? origin : shared.origin;
    defs.origins.set(`cause ${runbook}/${id} ${field}`, { source: from.source, path: [...from.path, field] });
  }
  for (const field of ['title', 'says', 'evidence'] as const) {
    if (merged[field] === undefined && (authored.use === undefined || shared !== undefined)) {
      defs.fail(
        origin,
        'schema',
        `the cause \`${id}\` has no ${field}: write it here or in the shared cause that it uses`
      );
    }
  }
  const evidenceOrigin = defs.origins.get(`cause ${runbook}/${id} evidence`) ?? origin;
  const alsoOrigin = { source: origin.source, path: [...origin.path, 'also'] };
  const evidence = [
    ...(merged.evidence ?? []).map((item, index) => [item, evidenceOrigin, index] as const),
    ...(authored.also ?? []).map((item, index) => [item, alsoOrigin, index] as const),
  ].map(([item, list, at], index): Evidence => {
    const place = { source: list.source, path: [...list.path, at] };
    defs.origins.set(`cause ${runbook}/${id} evidence ${index}`, place);
    defs.needSignal(item.signal, { source: place.source, path: [...place.path, 'signal'] });
    for (const key of ['where', 'proves'] as const) {
      for (const [column, condition] of Object.entries(item[key] ?? {})) {
        for (const named of 'namedIn' in condition ? condition.namedIn : []) {
          defs.needSignal(named.slice(0, named.indexOf('.')), {
            source: place.source,
            path: [...place.path, key, column],
          });
        }
      }
    }
    return compileEvidence(item);
  });
  return {
    id,
    identity:
      authored.use === undefined
        ? `${pack}/${runbook}/${id}`
        : merged.scope === 'pack'
          ? `${pack}:${authored.use}`
          : authored.use,
    title: merged.title ?? id,
    says: merged.says ?? '',
    prior: merged.prior ?? 'usual',
    ...(merged.witnesses === undefined ? {} : { witnesses: merged.witnesses }),
    evidence,
    ...(merged.at === undefined ? {} : { at: merged.at }),
    ...(merged.effects === undefined ? {} : { effects: merged.effects }),
    ...(merged.presses === undefined ? {} : { presses: merged.presses }),
    explains: merged.explains ?? [],
    lookAlikes: merged.lookAlikes ?? [],
    dont: merged.dont ?? [],
    fixes: merged.fixes ?? [],
  };
}

function definedOnly<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as Partial<T>;
}
