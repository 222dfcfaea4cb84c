/** What runs in the browser: pack → plan → outcome → ranking → sentences. Pure; the time is an argument. */
export * from './model/outcome';
export * from './model/pack';
export * from './model/plan';
export * from './model/bound';
export * from './model/diagnosis';
export * from './model/fix';
export { bind } from './bind';
export { matchAlert, type AlertMatch } from './matchAlert';
export { plan } from './plan';
export { judge, judgeAll } from './judge';
export { diagnose } from './diagnose';
export { triage } from './triage';
export { fillFix, watchFix } from './fix';
export { outcomeWords } from './facts';
export { formatBytes, formatCount, formatDuration, formatNumber, formatPercent, formatRate, formatUnit } from './units';
export { softMaximum } from './axis';
export { alertHold, alertThreshold } from './prevention';
export * as quote from './quote';
