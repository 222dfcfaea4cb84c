/** Written at build time by `scripts/compile-packs.mjs`: one lazy import a pack. */
declare module '@live-runbooks/packs' {
  export const compiledPacks: ReadonlyArray<{ readonly id: string; readonly load: () => Promise<unknown> }>;
}
