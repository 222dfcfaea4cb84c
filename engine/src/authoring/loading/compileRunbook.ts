import type { Runbook } from '../../model/pack';
import type { AuthoredRunbook } from '../schema';
import type { Path } from '../source';
import { compileCause } from './compileCause';
import { compileFixes } from './compileFixes';
import { compileTest } from './compileTest';
import type { Definitions, Origin } from './definitions';

/** A runbook with its names resolved; a name that nothing has is a problem in `defs`. */
export function compileRunbook(defs: Definitions, pack: string, authored: AuthoredRunbook, origin: Origin): Runbook {
  const { source } = origin;
  const name = (kind: string, key: string | number, path: Path) =>
    defs.origins.set(`${kind} ${authored.id}/${key}`, { source, path });
  defs.origins.set(`runbook ${authored.id}`, origin);
  authored.symptoms.forEach((id, index) => defs.needSignal(id, { source, path: ['symptoms', index] }));

  const causes = Object.entries(authored.causes).map(([id, cause]) => {
    name('cause', id, ['causes', id]);
    return compileCause(defs, pack, authored.id, id, cause, { source, path: ['causes', id] });
  });

  const fixes = compileFixes(defs, authored, origin, causes);
  authored.prevention.forEach((prevention, index) => {
    name('prevention', index, ['prevention', index]);
    defs.needSignal(prevention.signal, { source, path: ['prevention', index, 'signal'] });
  });
  const tests = authored.tests.map((test, index) => {
    name('test', index, ['tests', index]);
    return compileTest(defs, test, Object.keys(authored.causes), { source, path: ['tests', index] });
  });

  const {
    id,
    title,
    summary,
    covers,
    area,
    service,
    of,
    severity,
    alerts,
    symptoms,
    prevention,
    corrections,
    escalate,
  } = authored;
  const [kind, base] = authored.extends?.split('/') ?? [];
  return {
    id,
    pack,
    title,
    summary,
    covers,
    area,
    service,
    ...(of === undefined ? {} : { of }),
    ...(kind === undefined || base === undefined ? {} : { extends: { kind, runbook: base } }),
    severity,
    alerts,
    symptoms,
    causes,
    fixes,
    prevention,
    corrections,
    escalate,
    tests,
  };
}
