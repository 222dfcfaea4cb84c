/** Every rule about packs, each in a file of its own that is called as it is. */
import { absoluteTarget } from './absoluteTarget';
import { alertWithoutRunbook } from './alertWithoutRunbook';
import { circle } from './circle';
import { derivedNegative } from './derivedNegative';
import { destructive } from './destructive';
import { droppedIdentity } from './droppedIdentity';
import { duplicate } from './duplicate';
import { duration } from './duration';
import { emptyIsHealth } from './emptyIsHealth';
import { explainsCircle } from './explainsCircle';
import { explainsItself } from './explainsItself';
import { filterUnit } from './filterUnit';
import { given } from './given';
import { goneSeries } from './goneSeries';
import { identicalEvidence } from './identicalEvidence';
import { impossibleGiven } from './impossibleGiven';
import { impossibleThreshold } from './impossibleThreshold';
import { impossibleValue } from './impossibleValue';
import { input } from './input';
import { logLines } from './logLines';
import { logql } from './logql';
import { neverLikely } from './neverLikely';
import { noBlindTest } from './noBlindTest';
import { noEvidence } from './noEvidence';
import { noFix } from './noFix';
import { noHealthyTest } from './noHealthyTest';
import { noNamespace } from './noNamespace';
import { noTests } from './noTests';
import { noVerify } from './noVerify';
import { oneSided } from './oneSided';
import { param } from './param';
import { place } from './place';
import { placeholder } from './placeholder';
import { podMatcher } from './podMatcher';
import { promql } from './promql';
import { promqlType } from './promqlType';
import { prose } from './prose';
import { quantileWithoutLe } from './quantileWithoutLe';
import { quotientUnit } from './quotientUnit';
import { readOnly } from './readOnly';
import { risk } from './risk';
import { shellSyntax } from './shellSyntax';
import { shortWindow } from './shortWindow';
import { sqlSyntax } from './sqlSyntax';
import { summedReplicas } from './summedReplicas';
import { takes } from './takes';
import { trouble } from './trouble';
import { twice } from './twice';
import { unguardedRatio } from './unguardedRatio';
import { unit } from './unit';
import { unknownAlert } from './unknownAlert';
import { unknownCheck } from './unknownCheck';
import { unknownColumn } from './unknownColumn';
import { unknownName } from './unknownName';
import { unmarkedView } from './unmarkedView';
import { unseparated } from './unseparated';
import { untestedCause } from './untestedCause';
import { unusedFix } from './unusedFix';
import { unusedParam } from './unusedParam';
import { unusedSignal } from './unusedSignal';
import { verify } from './verify';
import type { PackRule } from './rule';

export const PACK_RULES: readonly PackRule[] = [
  absoluteTarget,
  alertWithoutRunbook,
  circle,
  derivedNegative,
  destructive,
  droppedIdentity,
  duplicate,
  duration,
  emptyIsHealth,
  explainsCircle,
  explainsItself,
  filterUnit,
  given,
  goneSeries,
  identicalEvidence,
  impossibleGiven,
  impossibleThreshold,
  impossibleValue,
  input,
  logLines,
  logql,
  neverLikely,
  noBlindTest,
  noEvidence,
  noFix,
  noHealthyTest,
  noNamespace,
  noTests,
  noVerify,
  oneSided,
  param,
  place,
  placeholder,
  podMatcher,
  promql,
  promqlType,
  prose,
  quantileWithoutLe,
  quotientUnit,
  readOnly,
  risk,
  shellSyntax,
  shortWindow,
  sqlSyntax,
  summedReplicas,
  takes,
  trouble,
  twice,
  unguardedRatio,
  unit,
  unknownAlert,
  unknownCheck,
  unknownColumn,
  unknownName,
  unmarkedView,
  unseparated,
  untestedCause,
  unusedFix,
  unusedParam,
  unusedSignal,
  verify,
];
