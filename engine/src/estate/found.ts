/** A component in the making: what was found of it, and what is known of it without. */
import type { Component, ComponentKind } from '../model/component';
import type { Candidate } from './candidates';

export interface Found {
  readonly parts: readonly Candidate[];
  readonly kinds: readonly ComponentKind[];
  readonly name: readonly string[];
  /** Where it is not the name. */
  readonly title?: string;
  readonly is: Readonly<Record<string, string>>;
  /** Set where packs declare it. */
  readonly declared?: Component;
  /** What was found of it is of another declared component as well: neither has the name that it would have without packs. */
  readonly isShared?: boolean;
}

export function foundOf(parts: readonly Candidate[]): Found {
  return {
    parts,
    kinds: parts.map(({ kind, dialect, is }) => ({ kind: kind.id, dialect, is, with: {} })),
    // The one that says most about where it is.
    name: parts.map(({ name }) => name).reduce((best, name) => (name.length > best.length ? name : best), []),
    is: Object.assign({}, ...[...parts].reverse().map(({ is }) => is)) as Record<string, string>,
  };
}
