/** For the command line and the service: YAML in, a compiled and checked pack out. Never part of the plugin's bundle. */
export {
  findPacks,
  loadPack,
  type LoadedPack,
  type LoadResult,
  type Origin,
  type Origins,
  type PackFiles,
} from './load';
export { estateSettingsSchema } from './estateSettings';
export { loadKinds, type LoadedKind, type LoadedKinds } from './loadKinds';
export { FACT_TYPES } from './catalogue';
export type { CheckCatalogue, CheckFacts, Fact } from './catalogue';
export { jsonSchemas } from './jsonSchema';
export { lintPacks, type LintTools, type QueryNode, type QueryParser } from './lint';
export { ruleTexts } from './lint/texts';
export { formatProblem, type Problem } from './problem';
export { estateConflicts } from './estateConflicts';
export { givenOutcomes } from './givenOutcomes';
export { runEstateTests, triageGiven, type EstateTestResult } from './runEstateTests';
export { runPackTests, runTest, type TestResult } from './runTests';
export { readSituations } from './situations';
