import type { Fix, Pack } from '../../../model/pack';
import type { Path } from '../../source';

/** One rule about one fix. It tells what is wrong; the place is the fix, or `path` in it. */
export type FixRule = (fix: Fix, pack: Pack, tell: (rule: string, message: string, path?: Path) => void) => void;
