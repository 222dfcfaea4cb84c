/** What gets into trouble, and what depends on what: kinds, components and arrows. Plain data. */
import type { Arrow, EstateOrigin } from './arrow';
import type { Pack } from './pack';

/**
 * A sort of thing that gets into trouble: any Postgres, any HTTP service. It knows no application. Its pack holds the
 * parameters, the runbooks and all signals that they name, those of other kinds included.
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
  /** Ids of the signals that it brings, those among them that only runbooks of other kinds name; a component without the kind has none. */
  readonly signals: readonly string[];
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

export interface Component {
  /** `checkout`, `shop/checkout`: also the first part of the keys of its outcomes. */
  readonly id: string;
  readonly title: string;
  readonly origin: EstateOrigin;
  /** Somebody said that it is theirs. What nobody adopted is evaluated all the same, and labelled. */
  readonly adopted: boolean;
  readonly kinds: readonly ComponentKind[];
}

/** What a component is as one of its kinds. */
export interface ComponentKind {
  readonly kind: string;
  readonly dialect: string;
  /** Values of the kind's identity labels; an optional label that it does not have is missing. */
  readonly is: Readonly<Record<string, string>>;
  /** Values of parameters, over those of the dialect. */
  readonly with: Readonly<Record<string, string>>;
}

export interface Estate {
  readonly components: readonly Component[];
  readonly arrows: readonly Arrow[];
}
