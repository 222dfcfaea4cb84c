export type { Answer, Ask, AskRequest } from './ask';
export type { Alerts, SourceProblem } from './alerts';
export type { RangeReading } from './data-source';
export type { Series } from './frames';
export { unhealthy, type DiagnosticsTarget, type SourceHealth } from './health';
export { createDirectAsk } from './direct';
export {
  createSources,
  type Beside,
  type QueryReading,
  type RequestCount,
  type SourceOptions,
  type Sources,
} from './sources';
export { CONFIGURATION_PAGE } from './refusal';
