/** The format of the packs as JSON Schema, for editors: completion and errors while one writes. */
import { z } from 'zod';

import {
  causesSchema,
  estateTestsSchema,
  fixesSchema,
  kindSchema,
  packSchema,
  runbookSchema,
  signalsSchema,
} from './schema';

const FILES = {
  pack: { schema: packSchema, title: 'pack.yaml of a pack of live runbooks' },
  kind: { schema: kindSchema, title: 'kind.yaml of a kind of components' },
  runbook: { schema: runbookSchema, title: 'A live runbook' },
  signals: { schema: signalsSchema, title: 'Signals by id' },
  causes: { schema: causesSchema, title: 'Shared causes by id' },
  fixes: { schema: fixesSchema, title: 'Shared fixes by id' },
  'estate-tests': { schema: estateTestsSchema, title: 'Situations of an estate' },
} as const;

/**
 * A JSON Schema (draft 7, which YAML editors read) for each kind of file, by name: `pack`, `kind`, `runbook`, `signals`,
 * `causes`, `fixes`, `estate-tests`. It says what may be written; names that refer to other files are left to `lint`.
 */
export function jsonSchemas(): ReadonlyMap<string, object> {
  return new Map(
    Object.entries(FILES).map(([name, { schema, title }]) => {
      const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
      return [name, { $schema, title, ...(name === 'runbook' ? orExtending(rest as RunbookSchema) : rest) }];
    })
  );
}

interface RunbookSchema {
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, { readonly additionalProperties?: unknown }>>;
}

/** A runbook that extends one of a kind writes what differs, and takes a cause or a fix out with `null`. */
function orExtending({ required = [], properties = {}, ...rest }: RunbookSchema): object {
  const parts = Object.fromEntries(
    ['causes', 'fixes'].map((name) => {
      const part = properties[name];
      return [name, { ...part, additionalProperties: { anyOf: [part?.additionalProperties, { type: 'null' }] } }];
    })
  );
  return {
    ...rest,
    properties: { ...properties, ...parts },
    if: { required: ['extends'] },
    then: { required: ['id', 'extends', 'of'] },
    else: { required },
  };
}
