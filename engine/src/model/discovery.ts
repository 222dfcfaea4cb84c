/** What discovery is told, and what it finds. Plain data. */
import type { Component, ComponentKind } from './component';
import type { Estate } from './estate';

/** A target of the diagnostics service. */
export interface ServiceTarget {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
}

/** What people said of what was found: kept in the settings, or in a file `estate.yaml`. */
export interface EstateSettings {
  /** By the id of the component. */
  readonly components?: Readonly<Record<string, ComponentSettings>>;
  /** By the id of the pack. */
  readonly packs?: Readonly<Record<string, PackSettings>>;
}

export interface PackSettings {
  /** It is evaluated nowhere. */
  readonly off?: boolean;
}

export interface ComponentSettings {
  /** It is theirs. */
  readonly adopt?: boolean;
  /** It is neither shown nor evaluated. */
  readonly hide?: boolean;
  readonly title?: string;
  /** Ids of the components that it depends on, beside those that were measured. */
  readonly dependsOn?: readonly string[];
  /** Values of parameters, by kind. */
  readonly with?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What it was when it was adopted: so it keeps its id, and is still there when it has no series any more. */
  readonly kinds?: ReadonlyArray<Omit<ComponentKind, 'with'> & Partial<Pick<ComponentKind, 'with'>>>;
}

/** One label matcher of a PromQL selector. */
export interface LabelMatcher {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

/** What packs look at already: it is no component beside them. */
export interface Claims {
  /** The selectors of their queries. */
  readonly selectors: ReadonlyArray<readonly LabelMatcher[]>;
  /** Ids of targets of the diagnostics service. */
  readonly targets: ReadonlySet<string>;
  /** Ids that no component may have, for outcomes are kept by them. */
  readonly ids: ReadonlySet<string>;
}

export interface DiscoveredEstate extends Estate {
  /**
   * Other ids of components that packs declare, and the id under which each is evaluated: those of further declarations, those under
   * which people said something before, and those that discovery would give without the packs.
   */
  readonly aliases: Readonly<Record<string, string>>;
  /** What somebody hid: not evaluated, and told so that it can be shown again. */
  readonly hidden: readonly Component[];
}
