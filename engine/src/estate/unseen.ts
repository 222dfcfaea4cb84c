/** What is declared and not there. */
import type { Component, ComponentKind } from '../model/component';
import type { ServiceTarget } from '../model/discovery';
import type { Kind } from '../model/estate';
import type { Reading } from '../model/outcome';
import { discoveryQueryId, type Candidate } from './candidates';
import { NO_DIALECT } from './identities';

/** Kinds of a declared component of which nothing was found among `parts`. What was not answered says nothing, nor a service without targets. */
export function unseenKinds(
  { kinds: declared }: Component,
  parts: readonly Candidate[],
  kinds: ReadonlyMap<string, Kind>,
  answers: ReadonlyMap<string, Reading>,
  targets: readonly ServiceTarget[]
): string[] {
  const isUnseen = (as: ComponentKind): boolean => {
    if (as.dialect !== NO_DIALECT) {
      const isAnswered = answers.get(discoveryQueryId(as.kind, as.dialect))?.kind === 'samples';
      return isAnswered && !parts.some(({ kind }) => kind.id === as.kind);
    }
    const target = kinds.get(as.kind)?.target;
    const id = target && as.with[target.param];
    return targets.length > 0 && !targets.some((one) => one.kind === target?.kind && one.id === id);
  };
  return declared.filter(isUnseen).map(({ kind }) => kind);
}
