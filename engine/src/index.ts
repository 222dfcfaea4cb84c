/** What runs in the browser: pack → plan → outcome → ranking → sentences. Pure; the time is an argument. */
export * from './model/arrow';
export * from './model/component';
export * from './model/effect';
export * from './model/discovery';
export * from './model/estate';
export * from './model/outcome';
export * from './model/pack';
export * from './model/plan';
export * from './model/bound';
export * from './model/changes';
export * from './model/diagnosis';
export * from './model/fix';
export * from './model/seen';
export * from './model/recovery';
export { judgedKeys } from './compiled/compiled';
export { sharedName } from './compiled/explains';
export { bind } from './planning/bind';
export { declaredEstate, isEstate } from './estate/declared';
export { saidOf } from './estate/said';
export { rolesOf } from './estate/roles';
export { componentRunbookId, instantiate, type Kinds } from './estate/instantiate';
export { matchAlert, type AlertMatch } from './planning/matchAlert';
export { plan } from './planning/plan';
export { onsetBounds } from './planning/onset';
export { claimsOf } from './estate/claims';
export { discover, discoveryQueries } from './estate/discover';
export { judge, judgeAll } from './judging/judge';
export { diagnose } from './ranking/diagnose';
export { seenWithout } from './triage/seenWithout';
export { triage } from './triage/triage';
export { changesAt, onsetKeys } from './triage/changes';
export { askedBeside, heardBeside } from './triage/heard';
export { fadingAfter } from './triage/fading';
export { isLost, recoveryOf, wasTrue } from './triage/recovered';
export { fillFix } from './fixing/fillFix';
export { watchFix } from './fixing/watchFix';
export { watchPast, type WatchPast } from './fixing/watchPast';
export { runbookHeadline } from './ranking/runbookHeadline';
export { outcomeWords } from './wording/facts';
export { namedValue } from './wording/namedValue';
export { listed } from './wording/listed';
export { isBlindness } from './judging/blindness';
export { capitalise } from './wording/capitalise';
export { ended } from './wording/ended';
export {
  formatBytes,
  formatCount,
  formatDuration,
  formatNumber,
  formatPercent,
  formatRate,
  formatUnit,
} from './wording/units';
export { softMaximum } from './wording/axis';
export { alertHold, alertThreshold } from './judging/prevention';
export { comparedNumber } from './thresholdOf';
export { showHidden } from './wording/hidden';
export * as quote from './quoting/quote';
