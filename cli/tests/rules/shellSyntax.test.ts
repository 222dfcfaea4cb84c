import { expect, it } from 'vitest';

import { lintRule } from '../../../engine/tests/lint/rules/lintRule';
import { parseShell } from '../../src/shell';

const shell = (command: string) =>
  lintRule(
    'shell-syntax',
    {
      signals: 'it: { title: It, prometheus: x, test: { above: 0 } }\n',
      runbook: `causes:
  c: { title: C, says: C, evidence: [{ signal: it, present: strong }], fixes: [f] }
fixes:
  f:
    title: F
    kind: read
    risk: safe
    reach: nothing
    shell: ${JSON.stringify(command)}
`,
    },
    { parseShell }
  );

it.each(["echo 'open", 'echo "open', 'if true; then echo', 'echo )', 'curl | | jq'])('refuses %s', (command) => {
  expect(shell(command)).toEqual([expect.stringMatching(/^p\/r\.yaml:16:12: error: this is no shell command: \S/)]);
});

it.each(["kubectl get pods -n {{postgres}} | grep 'x'", 'pf=$!; kill $pf', 'for p in a b; do\n  echo "$p"\ndone'])(
  'leaves alone %s, and does not run it',
  (command) => {
    expect(shell(command)).toEqual([]);
  }
);
