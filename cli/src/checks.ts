import type { CheckCatalogue } from '@live-runbooks/engine/authoring';

import catalogue from './checks.json' with { type: 'json' };

/** What the diagnostics service of this version can be asked; generated from it (`diagnostics/catalogue.ts`). */
export const checks = catalogue as CheckCatalogue;
