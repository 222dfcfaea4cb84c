/** One thing that gets into trouble, and what it is in the answers of the sources. Plain data. */
import type { EstateOrigin } from './arrow';

export interface Component {
  /** `checkout`, `shop/checkout`: also the first part of the keys of its outcomes. */
  readonly id: string;
  readonly title: string;
  readonly origin: EstateOrigin;
  /**
   * Somebody said that it is theirs. What nobody adopted is evaluated all the same, and labelled. Undefined: what people said is not
   * known.
   */
  readonly adopted: boolean | undefined;
  readonly kinds: readonly ComponentKind[];
  /** The packs that declare it; the first of them gave it its id and title. */
  readonly declaredBy?: readonly Declarer[];
  /** Kinds that packs declare and of which the sources have nothing. What could not be asked is not among them. */
  readonly unseen?: readonly string[];
}

/** A pack that declares a component. */
export interface Declarer {
  readonly id: string;
  readonly title: string;
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
