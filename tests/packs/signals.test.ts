/**
 * What the signals of the packs read from given series, as Prometheus itself evaluates them (promtool). `signals/<theme>.yaml`
 * holds the cases: series every 15 s, and what each signal then reads: a number, a list of numbers by labels, or `nothing`.
 */
import { join } from 'node:path';

import { bind, plan } from '@live-runbooks/engine';
import { describe } from 'vitest';

import { SHIPPED_PACKS } from './shippedPacks';
import { testSignalCases, type SignalQuery } from './signalCases';

const bounds = SHIPPED_PACKS.map((pack) => bind(pack, {}));

/** The query of a signal with the packs' own parameters. */
function queriesOf(key: string): SignalQuery[] {
  const query = plan(bounds, { signals: [key] }).queries.find(({ signals }) => signals.includes(key));
  if (query?.source !== 'prometheus') {
    throw new Error(`${key} is no signal that Prometheus answers`);
  }
  return [{ expr: query.expr, reads: () => true }];
}

describe('the signals read', () => testSignalCases(join(import.meta.dirname, 'signals'), queriesOf));
