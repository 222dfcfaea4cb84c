/** What a person has to fill in is used, and does not hide what has a value already. */
import { inputProblem } from '../../../fixing/inputs';
import { parseTemplate } from '../../../template';
import type { FixRule } from './rule';

export const inputsAreUsed: FixRule = (fix, pack, tell) => {
  const used = new Set(parseTemplate(fix.command).flatMap((part) => (typeof part === 'string' ? [] : [part.name])));
  for (const [name, input] of Object.entries(fix.inputs)) {
    const path = ['inputs', name];
    if (!used.has(name)) {
      tell('input', `asks for \`${name}\` and does not use it in its command`, path);
    }
    if (Object.hasOwn(pack.params, name) || Object.hasOwn(pack.signals, name)) {
      tell('input', `asks for \`${name}\`, which is a parameter or a signal: choose another name`, path);
    }
    const filled = parseTemplate(input.default ?? '')
      .map((part) => (typeof part === 'string' ? part : (pack.params[part.name]?.default ?? '')))
      .join('');
    const problem = filled === '' ? undefined : inputProblem(input, filled);
    if (problem !== undefined) {
      tell('input', `has a default for \`${name}\` that cannot be used (\`${filled}\`): ${problem}`, [
        ...path,
        'default',
      ]);
    }
  }
};
