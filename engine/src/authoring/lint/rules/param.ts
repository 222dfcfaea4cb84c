import { refusal } from '../../../planning/bind';
import { sampleOf } from '../sample';
import type { PackRule } from './rule';

export const param: PackRule = {
  id: 'param',
  what: 'The default of a parameter does not fit its kind or its pattern, or the pattern is no regular expression.',
  why: 'The value is refused when the pack is used, so no query that needs it can be asked.',
  mend: 'Correct the default or the pattern.',
  check: ({ loaded }, tell) => {
    for (const [name, given] of Object.entries(loaded.pack.params)) {
      if (given.pattern !== undefined && !isRegExp(given.pattern)) {
        tell(`param ${name}`, `the pattern of \`${name}\` is no regular expression`, ['pattern']);
        continue;
      }
      // With a default, that is the sample; where it is made of other parameters, with samples of those.
      const sample = sampleOf(loaded.pack.params, name);
      const wrong =
        given.default === undefined || typeof sample === 'string' ? undefined : refusal(given, String(sample.value));
      if (wrong !== undefined) {
        tell(`param ${name}`, `the default of \`${name}\` is not ${wrong}`, ['default']);
      }
    }
  },
};

function isRegExp(pattern: string): boolean {
  try {
    new RegExp(`^(?:${pattern})$`, 'u');
    return true;
  } catch {
    return false;
  }
}
