import { useCallback, useState } from 'react';
import type { EstateSettings } from '@live-runbooks/engine';
import type { EstateAnswer, Failure, KeptEstate, Sources } from '@live-runbooks/sources';
import { isEmpty, type EstateHome } from '../../estate/home';
import { mergeEstates } from '../../estate/mergeEstates';
import { useEstateHome } from '../../estate/useEstateHome';

interface Draft {
  /** What it was when the first change was made. */
  readonly base: EstateSettings;
  /** What the service kept then. */
  readonly kept: KeptEstate | undefined;
  readonly estate: EstateSettings;
}

/** Somebody else changed the estate while this one was being changed. */
export interface Clash {
  readonly by: string | undefined;
  /** Components that both changed. */
  readonly both: readonly string[];
}

export type Kept = { readonly kind: 'written' } | { readonly kind: 'clash' } | ({ readonly kind: 'failure' } & Failure);

export interface EstateDraft {
  readonly home: EstateHome | undefined;
  /** As it is changed here; undefined while it is not known. */
  readonly estate: EstateSettings | undefined;
  readonly clash: Clash | undefined;
  readonly change: (estate: EstateSettings) => void;
  /** Writes to the service what was changed, and what is to move there. */
  readonly write: () => Promise<Kept>;
  /** What the settings hold when they are saved, before anything is written to the service. Nothing is lost by it. */
  readonly inSettings: (isMoving: boolean) => EstateSettings | undefined;
  /** Whether the service holds what the settings held, once it is written: there it has its one home. */
  readonly isMoved: boolean;
  /** Forgets the changes: they are stored. */
  readonly done: () => void;
}

/**
 * The estate as somebody changes it, over the version that they began with.
 * @param stored what the settings hold
 */
export function useEstateDraft(sources: Sources, stored: EstateSettings | undefined): EstateDraft {
  const { home, take } = useEstateHome(sources, stored);
  const [draft, setDraft] = useState<Draft>();
  const [clash, setClash] = useState<Clash>();
  const estate = draft?.estate ?? home?.estate;
  const done = useCallback(() => {
    setDraft(undefined);
    setClash(undefined);
  }, []);

  const write = async (): Promise<Kept> => {
    const kept = draft?.kept ?? home?.kept;
    const hasNews = draft !== undefined || (home?.isToMove === true && home.failure === undefined);
    if (home?.where !== 'service' || kept === undefined || estate === undefined || !hasNews) {
      done();
      return { kind: 'written' };
    }
    const answer = await sources.writeEstate(estate, kept.version);
    if (answer.kind === 'changed') {
      return rebase(await sources.estate(), draft?.base ?? {}, estate);
    }
    if (answer.kind === 'failure') {
      return answer;
    }
    take(answer);
    done();
    return { kind: 'written' };
  };

  /** What both of them said, over the version that is there now: nothing is written before somebody has looked at it. */
  const rebase = (now: EstateAnswer, base: EstateSettings, mine: EstateSettings): Kept => {
    take(now);
    if (now.kind !== 'kept') {
      return now.kind === 'failure' ? now : { kind: 'clash' };
    }
    const theirs = now.estate ?? {};
    const merged = mergeEstates(base, mine, theirs);
    setDraft({ base: theirs, kept: now, estate: merged.estate });
    setClash({ by: now.writtenBy, both: merged.both });
    return { kind: 'clash' };
  };

  return {
    ...{ home, estate, clash, write, done },
    change: (next) =>
      setDraft((before) => ({
        base: before?.base ?? home?.estate ?? {},
        kept: before?.kept ?? home?.kept,
        estate: next,
      })),
    inSettings: (isMoving) => {
      const isElsewhere = home === undefined || (home.where === 'service' && !isMoving);
      return isElsewhere || estate === undefined ? stored : isEmpty(estate) ? undefined : estate;
    },
    isMoved:
      home?.where === 'service' &&
      stored !== undefined &&
      (home.isToMove || (home.left !== undefined && JSON.stringify(estate) === JSON.stringify(home.left))),
  };
}
