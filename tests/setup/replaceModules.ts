/**
 * These replace whole modules with `vi.mock`, so each of them loads its modules for itself. All other files of a project
 * share what a worker has loaded: to load Grafana's packages, or the drivers, again for each file took longer than the
 * tests. `tests/architecture/mocks.test.ts` holds that no other file replaces a module.
 */
export const REPLACE_MODULES = {
  plugin: ['src/components/AppConfig/AppConfig.test.tsx'],
  diagnostics: ['diagnostics/tests/endpoints/network.test.ts'],
};
