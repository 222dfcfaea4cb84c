import { CHANGING, DESTRUCTIVE, DISTURBING, deedOf } from '../fixes/deeds';
import { fixRule } from './fixRule';

export const readOnly = fixRule({
  id: 'read-only',
  what: 'A fix is of `kind: read`, and its command changes something.',
  why: 'A person runs it in the belief that nothing happens, and the page does not watch what comes of it.',
  mend: 'Write `kind: mitigate` or `kind: permanent`, and the risk of the command.',
  check: (fix, _pack, tell) => {
    const changes = deedOf(fix, [...DESTRUCTIVE, ...DISTURBING, ...CHANGING]);
    if (fix.kind === 'read' && changes !== undefined) {
      tell(`${changes}, so its kind is not read`, ['kind']);
    }
  },
});
