import type { IdentityLabels, Kind } from '../model/estate';

/** The labels by which a convention tells the components of a kind apart. */
export function labelsOf({ identity, dialects }: Kind, dialect: string): IdentityLabels {
  return dialects[dialect]?.identity ?? identity;
}
