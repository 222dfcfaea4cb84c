/** Quantities as Kubernetes and Redis write them, so that a target can be compared with what is the case. */
import { formatBytes, formatNumber } from '../wording/units';

type QuantityKind = 'integer' | 'kubernetes-memory' | 'kubernetes-cpu' | 'redis-memory';

const KUBERNETES: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};
const REDIS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1e3,
  kb: 2 ** 10,
  m: 1e6,
  mb: 2 ** 20,
  g: 1e9,
  gb: 2 ** 30,
};

/** The number behind a text, memory in bytes and CPU in cores; undefined when it is none of its kind. */
export function quantity(text: string, kind: QuantityKind): number | undefined {
  if (kind === 'integer') {
    return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  }
  if (kind === 'kubernetes-cpu') {
    // Kubernetes takes no finer amount than a thousandth of a core.
    return /^\d{1,9}m$/.test(text)
      ? Number(text.slice(0, -1)) / 1000
      : /^\d{1,6}(?:\.\d{1,3})?$/.test(text)
        ? Number(text)
        : undefined;
  }
  const [, amount, unit = ''] = /^(\d{1,15})([A-Za-z]*)$/.exec(text) ?? [];
  const factors = kind === 'kubernetes-memory' ? KUBERNETES : REDIS;
  const key = kind === 'redis-memory' ? unit.toLowerCase() : unit;
  return amount === undefined || !Object.hasOwn(factors, key) ? undefined : Number(amount) * (factors[key] ?? 1);
}

export function formatQuantity(value: number, kind: QuantityKind): string {
  switch (kind) {
    case 'integer':
      return formatNumber(value);
    case 'kubernetes-cpu':
      return `${formatNumber(value)} CPU`;
    default:
      return formatBytes(value);
  }
}
