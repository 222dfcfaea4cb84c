import type { PackRule } from './rule';

export const shellSyntax: PackRule = {
  id: 'shell-syntax',
  what: 'A shell command is not valid: a quote or a bracket is not closed, or a word stands where none may.',
  why: 'The shell refuses it when it is copied in the incident, or waits for the rest of it.',
  mend: 'Close what the message names; `sh -n` says the same.',
  check: ({ loaded, parseShell }, tell) => {
    for (const runbook of loaded.pack.runbooks) {
      for (const { id, language, command } of Object.values(runbook.fixes)) {
        const wrong = language === 'shell' ? parseShell?.(command.replace(/\{\{[^{}]*\}\}/g, 'x')) : undefined;
        if (wrong !== undefined) {
          tell(`fix ${runbook.id}/${id}`, `this is no shell command: ${wrong}`, ['shell']);
        }
      }
    }
  },
};
