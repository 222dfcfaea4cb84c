import type { Kind } from '../../model/estate';
import type { Pack } from '../../model/pack';
import type { EstateTest } from './compileEstateTests';
import type { Origins } from './definitions';

/** A compiled pack, and where its parts were written. */
export interface LoadedPack {
  readonly pack: Pack;
  /** The kind whose runbooks it holds; undefined for a pack. */
  readonly kind?: Kind;
  readonly origins: Origins;
  /** Ids of the signals written in the pack's own folder (shared ones are listed only where they are used). */
  readonly ownSignals: readonly string[];
  /** Situations of the estate that the pack declares; those of runbooks are theirs. */
  readonly estateTests?: readonly EstateTest[];
  /** Alerts that open runbooks of this pack and are defined elsewhere. */
  readonly otherAlerts: readonly string[];
  /** Everything that the pack could use: signals, and causes by name (`<kind>/<id>`). */
  readonly available: { readonly signals: readonly string[]; readonly causes: readonly string[] };
}
