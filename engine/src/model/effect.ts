/** What trouble looks like. A signal shows one; a cause brings about some, at its own component. */
export const EFFECTS = ['unavailable', 'errors', 'latency', 'saturation', 'backlog', 'data'] as const;
export type Effect = (typeof EFFECTS)[number];
