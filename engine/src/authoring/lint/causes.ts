/** Causes that can be told apart, can be proven, can be refuted, and can be mended. */
import { DECIBANS } from '../../compiled';
import type { Cause, Evidence, Pack, Runbook } from '../../model/pack';
import type { LoadedPack } from '../load';
import { notAmong } from '../problem';
import { PRIORS } from '../../weigh';
import type { Report } from './report';

export function lintCauses(loaded: LoadedPack, all: readonly LoadedPack[], report: Report): void {
  for (const runbook of loaded.pack.runbooks) {
    const seen = new Map<string, string>();
    for (const cause of runbook.causes) {
      const name = `cause ${runbook.id}/${cause.id}`;
      if (cause.evidence.length === 0) {
        report.error(`${name} evidence`, 'no-evidence', `the cause \`${cause.id}\` has no evidence`);
      }
      if (cause.fixes.length === 0) {
        report.error(name, 'no-fix', `the cause \`${cause.id}\` has no fix: name at least one, even if it only reads`);
      }
      lintEvidence(cause, name, report);
      const fingerprint = fingerprintOf(cause);
      const twin = seen.get(fingerprint);
      if (twin !== undefined && cause.evidence.length > 0) {
        report.error(
          `${name} evidence`,
          'identical-evidence',
          `\`${cause.id}\` and \`${twin}\` have identical evidence: nothing can tell them apart`
        );
      }
      seen.set(fingerprint, cause.id);
      lintNames(loaded, all, runbook, cause, name, report);
    }
    for (const id of Object.keys(runbook.fixes)) {
      if (!runbook.causes.some(({ fixes }) => fixes.includes(id))) {
        report.warning(
          `fix ${runbook.id}/${id}`,
          'unused-fix',
          `no cause of \`${runbook.id}\` names the fix \`${id}\``
        );
      }
    }
  }
}

function lintEvidence(cause: Cause, name: string, report: Report): void {
  const signals = new Set<string>();
  cause.evidence.forEach(({ signal: id, where }, index) => {
    // The same signal may be weighed once for each sort of row.
    const signal = where === undefined ? id : `${id} where ${JSON.stringify(where)}`;
    if (signals.has(signal)) {
      report.error(`${name} evidence ${index}`, 'twice', `\`${signal}\` is evidence for \`${cause.id}\` twice`);
    }
    signals.add(signal);
  });
  if (cause.evidence.length === 0) {
    return;
  }
  if (!cause.evidence.some((item) => weights(item).some((weight) => weight < 0))) {
    report.warning(
      `${name} evidence`,
      'one-sided',
      `nothing speaks against \`${cause.id}\`: say what its absence would show (absent: -strong)`
    );
  }
  const groups = new Map<string, number>();
  cause.evidence.forEach((item, index) => {
    const group = item.group ?? `#${index}`;
    groups.set(group, Math.max(groups.get(group) ?? 0, ...weights(item)));
  });
  const best = [...groups.values()].reduce((sum, weight) => sum + weight, PRIORS[cause.prior]);
  if (best < 10) {
    report.warning(
      `${name} evidence`,
      'never-likely',
      `\`${cause.id}\` reaches ${best} decibans at best and can never be likely (10)`
    );
  }
}

function lintNames(
  loaded: LoadedPack,
  all: readonly LoadedPack[],
  runbook: Runbook,
  cause: Cause,
  name: string,
  report: Report
): void {
  const shared = loaded.available.causes;
  cause.explains.forEach((text, index) => {
    const [, pack = loaded.pack.id, target = text] = /^([^:/]+):(.+)$/.exec(text) ?? [];
    const packs = all.map((other) => other.pack).filter((other) => pack === '*' || other.id === pack);
    if (!shared.includes(target) && !packs.some((other) => names(other).includes(target))) {
      const known = [...new Set([...shared, ...packs.flatMap((other) => other.runbooks.map(({ id }) => id))])];
      report.error(`${name} explains`, 'unknown-name', notAmong('the runbook or cause', text, known), [index]);
    }
    // A shared cause names every runbook downstream of it, and may well stand in some of them.
    if (target === runbook.id && cause.identity === `${loaded.pack.id}/${runbook.id}/${cause.id}`) {
      report.warning(
        `${name} explains`,
        'explains-itself',
        `\`${text}\` is the runbook of this cause; it cannot be downstream of it`,
        [index]
      );
    }
  });
  cause.lookAlikes.forEach(({ cause: other }, index) => {
    const inPack = loaded.pack.runbooks.flatMap(({ id, causes }) =>
      causes.flatMap((found) => [found.id, found.identity, `${id}/${found.id}`])
    );
    const known = [...new Set([...inPack, ...shared, ...shared.map((found) => found.slice(found.indexOf('/') + 1))])];
    if (!known.includes(other)) {
      report.error(
        `${name} lookAlikes`,
        'unknown-name',
        notAmong(
          'the cause',
          other,
          runbook.causes.map(({ id }) => id)
        ),
        [index, 'cause']
      );
    } else if (other === cause.id) {
      report.error(`${name} lookAlikes`, 'unknown-name', `\`${other}\` is said to look like itself`, [index, 'cause']);
    }
  });
}

function names(pack: Pack): string[] {
  return pack.runbooks.flatMap(({ id, causes }) => [
    id,
    ...causes.flatMap((cause) => [`${id}/${cause.id}`, cause.identity]),
  ]);
}

function weights({ present, absent }: Evidence): [number, number] {
  return [present.sign * DECIBANS[present.band], absent.sign * DECIBANS[absent.band]];
}

function fingerprintOf({ evidence }: Cause): string {
  return JSON.stringify(evidence.map((item) => [item.signal, JSON.stringify(item.where), ...weights(item)]).sort());
}
