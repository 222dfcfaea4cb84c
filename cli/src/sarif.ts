/** Problems as SARIF 2.1.0, which code review and editors show at the line. */
import { ruleTexts, type Problem } from '@live-runbooks/engine/authoring';

/** One run with the problems of lint. Paths are relative to the working directory, and columns count from one. */
export function sarif(problems: readonly Problem[]): object {
  const rules = [...new Set(problems.map(({ rule }) => rule))].sort().map((id) => {
    const text = ruleTexts.find((known) => known.id === id);
    return text === undefined
      ? { id }
      : {
          id,
          shortDescription: { text: text.what },
          fullDescription: { text: text.why },
          help: { text: text.mend },
        };
  });
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'live-runbooks', rules } },
        columnKind: 'utf16CodeUnits',
        results: problems.map(({ file, line, column, severity, rule, message }) => ({
          ruleId: rule,
          ruleIndex: rules.findIndex(({ id }) => id === rule),
          level: severity,
          message: { text: message },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: file.split('/').map(encodeURIComponent).join('/') },
                region: { startLine: line, startColumn: column },
              },
            },
          ],
        })),
      },
    ],
  };
}
