/** The components and arrows that a pack declares, as far as the pack alone tells. */
import type { Arrow } from '../../model/arrow';
import type { DeclaredComponent, Pack } from '../../model/pack';
import { notAmong } from '../problem';
import type { AuthoredPack } from '../schema';
import type { Path, YamlSource } from '../source';
import type { Definitions, Origin } from './definitions';

/** In the order in which they are written. */
export function componentsOf({ components }: Pick<AuthoredPack, 'components'>): DeclaredComponent[] {
  return Object.entries(components).map(([id, { title, kinds }]) => ({
    ...{ id, title },
    kinds: kinds.map(({ kind }) => kind),
  }));
}

export function arrowsOf({ components }: Pick<AuthoredPack, 'components'>): Arrow[] {
  return Object.entries(components).flatMap(([from, { dependsOn, drainedBy }]): Arrow[] => [
    ...dependsOn.map((arrow): Arrow => ({ from, origin: 'declared', ...arrow })),
    ...drainedBy.map((to): Arrow => ({ from, to, origin: 'declared', drains: true })),
  ]);
}

/** Tells of signals and causes at components that the pack does not have. */
export function checkAt(
  defs: Definitions,
  { signals, runbooks }: Pick<Pack, 'signals' | 'runbooks'>,
  components: readonly DeclaredComponent[]
): void {
  const known = components.map(({ id }) => id);
  const need = (at: string | undefined, origin: Origin | undefined) => {
    if (at !== undefined && origin !== undefined && !known.includes(at)) {
      defs.fail(origin, 'unknown-component', notAmong('the component', at, known));
    }
  };
  for (const id of Object.keys(signals)) {
    need(defs.signals.get(id)?.value.at, defs.signals.get(id)?.origin);
  }
  for (const { id, causes } of runbooks) {
    causes.forEach((cause) => need(cause.at, defs.origins.get(`cause ${id}/${cause.id}`)));
  }
}

/** Tells of arrows and runbooks that name no component of the pack. */
export function checkPlaces(
  defs: Definitions,
  { runbooks }: Pick<Pack, 'runbooks'>,
  components: readonly DeclaredComponent[],
  arrows: readonly Arrow[],
  source: YamlSource
): void {
  const known = new Set(components.map(({ id }) => id));
  const need = (id: string, path: Path, of: YamlSource = source) => {
    if (!known.has(id)) {
      defs.fail({ source: of, path }, 'unknown-component', notAmong('the component', id, [...known]));
    }
  };
  arrows.forEach(({ from, to }) => need(to, ['components', from]));
  for (const { id, of } of runbooks) {
    const origin = defs.origins.get(`runbook ${id}`);
    if (of === undefined) {
      defs.fail(
        origin ?? { source, path: [] },
        'no-component',
        `the runbook \`${id}\` does not say whose trouble it treats: add \`of\`, one of ${[...known].join(', ')}`
      );
    } else {
      need(of, ['of'], origin?.source);
    }
  }
}
