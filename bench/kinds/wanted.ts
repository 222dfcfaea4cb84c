/** What the kinds alone have to say of each fault of the demo: the cause, and at which component. */
/** By the target of the diagnostics service, or by the address of its exporter: nothing says that the two are one server. */
const POSTGRES = /postgres|^\d+-\d+-\d+-\d+-\d+$/;

export const WANTED: Readonly<
  Record<string, { readonly causes: readonly string[]; readonly at: RegExp; readonly alsoTrue?: readonly string[] }>
> = {
  'idle-in-transaction': { causes: ['idle-in-transaction'], at: POSTGRES },
  'queued-ddl': { causes: ['queued-ddl'], at: POSTGRES },
  'connection-leak': { causes: ['connection-leak'], at: /api/ },
  'max-connections': { causes: ['max-connections'], at: POSTGRES },
  'missing-index': { causes: ['missing-index'], at: POSTGRES },
  'redis-oom': { causes: ['redis-out-of-memory'], at: /redis/ },
  'redis-gone': { causes: ['redis-down'], at: /redis/ },
  'workers-stopped': { causes: ['api-stopped', 'workers-stopped'], at: /worker/ },
  // Its one process is replaced: for some seconds none answers.
  'bad-deploy': { causes: ['bad-deploy'], at: /api/, alsoTrue: ['being-rolled-out'] },
  'postgres-stopped': { causes: ['postgres-down'], at: POSTGRES },
};
