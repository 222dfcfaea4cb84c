/** Written at build time by `scripts/compile-packs.mjs`: one lazy import a pack, and one for all kinds. */
declare module '@live-runbooks/packs' {
  export const compiledPacks: ReadonlyArray<{ readonly id: string; readonly load: () => Promise<unknown> }>;
  /** The kinds of components, a list as `default`. */
  export function loadKinds(): Promise<unknown>;
}
