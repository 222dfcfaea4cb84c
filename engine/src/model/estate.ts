/** What gets into trouble, and what depends on what: kinds, components and arrows. Plain data. */
import type { Arrow } from './arrow';
import type { Component } from './component';
import type { Pack, Runbook, Signal } from './pack';

/**
 * What all components of one sort have in common, such as every Postgres or every HTTP service, whatever application uses them.
 * Its pack holds the parameters, the runbooks and all signals that they name, those of other kinds included.
 */
export interface Kind {
  readonly id: string;
  readonly title: string;
  readonly pack: Pack;
  /** How its components are told apart in the answers of Prometheus. */
  readonly identity: Identity;
  /** Conventions of names, by id, in the order in which they are tried; a kind with one convention has one. */
  readonly dialects: Readonly<Record<string, Dialect>>;
  /** Kind of the diagnostics service's targets that are components of this kind, and the parameter that takes the target's id. */
  readonly target?: { readonly kind: string; readonly param: string };
  /** By name. */
  readonly roles?: Readonly<Record<string, Role>>;
  /** Ids of the signals that it brings, those among them that only runbooks of other kinds name; a component without the kind has none. */
  readonly signals: readonly string[];
}

/**
 * What a component of a kind needs another component for: a pool its database. Signals of that other component stand beside its own
 * in the causes of the kind.
 */
export interface Role {
  /** The kind of what fills it. */
  readonly kind: string;
  /**
   * Parameters whose values an arrow gives, none of which has a default here: `client` for the name under which the component was
   * measured where the arrow says nothing.
   */
  readonly params: Readonly<Record<string, 'client' | 'arrow'>>;
}

export interface Identity extends IdentityLabels {
  /** The selector parameter that picks the series of some components. */
  readonly scope: string;
}

export interface IdentityLabels {
  /** Labels that every series has. */
  readonly labels: readonly string[];
  /** Labels that count where there are any: a series without one and a series with one are of two components. */
  readonly optional: readonly string[];
  /** Parameters that take the value of a label: `{ namespace: namespace }`. */
  readonly params: Readonly<Record<string, string>>;
}

/** Names of one convention: which components speak it is found by asking. */
export interface Dialect {
  readonly title: string;
  /** PromQL that answers one series for each component, with its identity labels. `{{by}}` stands for the identity labels. */
  readonly discover: string;
  /** The name of a component, made of its labels: `{{namespace}}/{{deployment}}`. */
  readonly name: string;
  /** Where this convention tells components apart by other labels than the kind does. */
  readonly identity?: IdentityLabels;
  /** Values of parameters in this convention. */
  readonly set: Readonly<Record<string, string>>;
}

export interface Estate {
  readonly components: readonly Component[];
  readonly arrows: readonly Arrow[];
}

/** A runbook of a pack that stands at one component in the place of the runbook of a kind. */
export interface Extension {
  readonly kind: string;
  /** The runbook of the kind. */
  readonly replaces: string;
  readonly runbook: Runbook;
  /** What the pack brings itself and the runbook asks. */
  readonly signals: readonly Signal[];
}

/** The components that packs declare by their identity. What several packs declare alike is one component. */
export interface DeclaredEstate extends Estate {
  /** By the id of the component. */
  readonly extensions: ReadonlyMap<string, readonly Extension[]>;
  /** The id of the component behind each declaration: `<pack>/<component>`. */
  readonly names: ReadonlyMap<string, string>;
  /** Equal identity with other values: which of them is right nobody knows. */
  readonly conflicts: readonly EstateConflict[];
}

/** Two declarations of one component that say different things. */
export interface EstateConflict {
  readonly kind: string;
  /** `dialect`, the name of a parameter, or that of a label. */
  readonly what: string;
  readonly first: DeclaredValue;
  readonly second: DeclaredValue;
}

export interface DeclaredValue {
  readonly pack: string;
  readonly component: string;
  readonly value: string;
}
