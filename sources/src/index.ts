export type { Answer, Ask, AskRequest } from './ask';
export type { Alerts, SourceProblem } from './alerts';
export type { RangeReading } from './dsQuery';
export type { Series } from './frames';
export { countedTargets, unhealthy, type DiagnosticsTarget, type SourceHealth } from './health';
export type { Failure } from './failure';
export type { EstateAnswer, EstateWritten, KeptEstate } from './estate';
export { NO_PACKS, type PackProblem, type ServedPack, type ServedPacks } from './packs';
export { createFetchAsk } from './fetchAsk';
export {
  createSources,
  type Beside,
  type QueryReading,
  type RequestCount,
  type SourceOptions,
  type Sources,
} from './sources';
export { CONFIGURATION_PAGE } from './refusal';
