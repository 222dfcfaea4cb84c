/** What a person has to fill in is used, and does not hide what has a value already. */
import { inputProblem } from '../../../fixing/inputs';
import { parseTemplate } from '../../../wording/template';
import { fixRule } from './fixRule';

export const input = fixRule({
  id: 'input',
  what: 'An input of a fix is not used in its command, has the name of a parameter or a signal, or has a default that its kind refuses.',
  why: 'The person fills in a field that changes nothing, or finds one that is refused as it stands.',
  mend: 'Use the input in the command, give it another name, or correct its default.',
  check: (fix, pack, tell) => {
    const used = new Set(parseTemplate(fix.command).flatMap((part) => (typeof part === 'string' ? [] : [part.name])));
    for (const [name, input] of Object.entries(fix.inputs)) {
      const path = ['inputs', name];
      if (!used.has(name)) {
        tell(`asks for \`${name}\` and does not use it in its command`, path);
      }
      if (Object.hasOwn(pack.params, name) || Object.hasOwn(pack.signals, name)) {
        tell(`asks for \`${name}\`, which is a parameter or a signal: choose another name`, path);
      }
      const filled = parseTemplate(input.default ?? '')
        .map((part) => (typeof part === 'string' ? part : (pack.params[part.name]?.default ?? '')))
        .join('');
      const problem = filled === '' ? undefined : inputProblem(input, filled);
      if (problem !== undefined) {
        tell(`has a default for \`${name}\` that cannot be used (\`${filled}\`): ${problem}`, [...path, 'default']);
      }
    }
  },
});
