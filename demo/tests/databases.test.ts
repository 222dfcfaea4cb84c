import { describe, expect, it } from 'vitest';
import { roleStatements } from '../src/estate/databases';

const password = "a--b;c'd:name";
const passwords = {
  gorax: password,
  sqlstudio: password,
  reporting: password,
  exporter: password,
  diagnostics: password,
};

describe('the roles of the estate', () => {
  it('are created whatever their random passwords hold', () => {
    const statements = roleStatements(passwords);
    const created = statements.filter((statement) => statement.includes('CREATE ROLE'));
    expect(created).toHaveLength(Object.keys(passwords).length);
    for (const statement of created) {
      expect(statement).toContain("PASSWORD 'a--b;c''d:name'");
    }
    expect(statements.filter((statement) => statement.includes('CREATE DATABASE'))).toHaveLength(2);
  });
});
