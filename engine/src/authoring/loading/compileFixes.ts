import type { Cause, Fix } from '../../model/pack';
import { changeSource } from '../../compiled/fixReads';
import { notAmong } from '../problem';
import type { AuthoredFix, AuthoredRunbook } from '../schema';
import type { Path } from '../source';
import { compileFix } from './compileParts';
import type { Definitions, Origin } from './definitions';

/** The fixes of a runbook by id: its own, and the shared ones that its causes name. */
export function compileFixes(
  defs: Definitions,
  authored: AuthoredRunbook,
  { source }: Origin,
  causes: readonly Cause[]
): Record<string, Fix> {
  const fixes: Record<string, Fix> = {};
  const addFix = (id: string, fix: AuthoredFix, from: Origin) => {
    defs.origins.set(`fix ${authored.id}/${id}`, from);
    const need = (signal: string | undefined, path: Path) => {
      if (signal !== undefined) {
        defs.needSignal(signal, { source: from.source, path: [...from.path, ...path] });
      }
    };
    fix.when.forEach((signal, index) => need(signal, ['when', index]));
    fix.unless.forEach((signal, index) => need(signal, ['unless', index]));
    need(fix.verify?.signal, ['verify', 'signal']);
    need(fix.verify?.underway, ['verify', 'underway']);
    need(fix.changes && changeSource(fix.changes.from).signal, ['changes', 'from']);
    fixes[id] = compileFix(id, fix);
  };
  for (const [id, fix] of Object.entries(authored.fixes)) {
    addFix(id, fix, { source, path: ['fixes', id] });
  }
  for (const cause of causes) {
    cause.fixes.forEach((id, index) => {
      const shared = defs.sharedFixes.get(id);
      if (fixes[id] === undefined && shared) {
        addFix(id, shared.value, shared.origin);
      } else if (fixes[id] === undefined) {
        const from = defs.origins.get(`cause ${authored.id}/${cause.id} fixes`) ?? {
          source,
          path: ['causes', cause.id],
        };
        defs.fail(
          { source: from.source, path: [...from.path, index] },
          'unknown-fix',
          notAmong('the fix', id, [...Object.keys(authored.fixes), ...defs.sharedFixes.keys()])
        );
      }
    });
  }
  return fixes;
}
