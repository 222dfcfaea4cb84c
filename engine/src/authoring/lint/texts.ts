import { LOADING_TEXTS } from '../loading/texts';
import { PACK_RULES } from './rules';
import type { RuleText } from './text';

/** What every rule says of itself, in no order: docs/lint.md and SARIF are made of it. */
export const ruleTexts: readonly RuleText[] = [...PACK_RULES, ...LOADING_TEXTS];
