import { isChange } from '../fixes/isChange';
import { fixRule } from './fixRule';

export const noVerify = fixRule({
  id: 'no-verify',
  what: 'A fix that changes something does not say how its success is seen.',
  why: 'After the command was copied, the page cannot say whether it worked.',
  mend: 'Name the signal under `verify`, or write under `unverified` why none shows it.',
  check: (fix, _pack, tell) => {
    if (isChange(fix) && fix.verify === undefined && fix.unverified === undefined) {
      tell('changes something: name the signal that shows whether it worked (verify), or why none does (unverified)');
    }
  },
});
