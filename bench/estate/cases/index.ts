import type { EstateCase } from '../case';
import { ACCESS } from './access';
import { APPLICATIONS } from './applications';
import { LOCKS } from './locks';
import { QUERIES } from './queries';
import { REDIS } from './redis';

export const CASES: readonly EstateCase[] = [...LOCKS, ...ACCESS, ...QUERIES, ...REDIS, ...APPLICATIONS];
