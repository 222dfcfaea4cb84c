import { DECIBANS } from '../../compiled/decibans';
import type { Evidence } from '../../model/pack';

/** What evidence weighs when it is present, and when it is absent. Decibans. */
export function weightsOf({ present, absent }: Evidence): [number, number] {
  return [present.sign * DECIBANS[present.band], absent.sign * DECIBANS[absent.band]];
}
