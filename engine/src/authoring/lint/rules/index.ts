/** Rules about a pack as a whole, each in a file of its own. */
import type { Report } from '../report';
import { badDuration } from './badDuration';
import { explainsCircle } from './explainsCircle';
import { impossibleGiven } from './impossibleGiven';
import { impossibleThreshold } from './impossibleThreshold';
import { impossibleValue } from './impossibleValue';
import { logLines } from './logLines';
import { promqlType } from './promqlType';
import type { Linted, PackRule } from './rule';
import { shellSyntax } from './shellSyntax';
import { unknownAlert } from './unknownAlert';
import { unknownCheck } from './unknownCheck';
import { unknownColumn } from './unknownColumn';
import { unknownUnit } from './unknownUnit';

export const PACK_RULES: readonly PackRule[] = [
  unknownCheck,
  unknownColumn,
  impossibleValue,
  impossibleGiven,
  promqlType,
  logLines,
  shellSyntax,
  impossibleThreshold,
  badDuration,
  unknownAlert,
  explainsCircle,
  unknownUnit,
];

export function lintRules(linted: Linted, report: Report): void {
  for (const { id, check } of PACK_RULES) {
    check(linted, (origin, message, path) => report.error(origin, id, message, path));
  }
}
