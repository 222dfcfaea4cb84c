/** Fields of a JSON body that the configuration names: `checks.database`, `worker_info.active_executions`. */
import type { Scalar } from '@live-runbooks/engine';
import { z } from 'zod';
import { STATES, Unanswered, defineCheck, judge, worse } from '../../../model/check';
import { type ValuesOf, fact } from '../../../model/fact';
import { valueAt } from '../../jsonPath';
import type { BodyField, HttpCheckContext } from '../context';

/** Longer texts are no field. */
const TEXT_LIMIT = 200;

const COLUMNS = {
  name: fact.text('name in the configuration; also the name of the field with the value'),
  path: fact.text('where in the body'),
  value: fact.any('text, number or boolean; null: it is not there, or is an object or a list'),
  expected: fact.any('what the configuration wants: a value, or a threshold'),
  state: fact.word(STATES, 'unknown: not there, or not what can be judged'),
};

export const body = defineCheck({
  id: 'http.body',
  title: 'What the body says',
  kind: 'http',
  asks: 'the configured fields of the JSON body, also when the status is an error',
  value: fact.count('none: each configured field is judged by itself'),
  fields: {},
  configured: { fields: fact.any('the configured field of the body of this name') },
  rows: { fields: COLUMNS },
  mend: 'The service itself says what is wrong with it: open the target of that part (database, Redis) next.',
  privilege: 'network access to the URL',
  options: z.strictObject({}),
  make:
    () =>
    async ({ body: text, wanted }: HttpCheckContext) => {
      if (wanted.length === 0) {
        throw new Unanswered(
          'not-applicable',
          'no fields of the body are configured',
          'Name them under `body` of the target: [{name, path, equals | warning, critical}].'
        );
      }
      if (typeof text !== 'string') {
        throw new Unanswered('query-error', text.missing, 'Point the target at the endpoint that answers JSON.');
      }
      const document = parsed(text);
      const judged = wanted.map((field) => judgeField(field, valueAt(document, field.path)));
      const wrong = judged.filter(({ row }) => row.state === 'warning' || row.state === 'critical');
      const missing = judged.filter(({ row }) => row.state === 'unknown').map(({ row }) => row.name);
      const state = wrong.reduce<'ok' | 'warning' | 'critical'>(
        (worst, { row }) => worse(worst, row.state as 'warning') as typeof worst,
        'ok'
      );
      const found = {
        value: null,
        fields: Object.fromEntries(judged.map(({ row, value }) => [String(row.name), value])),
        rows: { fields: judged.map(({ row }) => row) },
      };
      const saying = ({ row }: (typeof judged)[number]): string => `${row.name}: ${row.value}`;
      if (state === 'ok' && missing.length > 0) {
        return {
          ...found,
          summary: `the body has no ${missing.join(', ')} that can be judged`,
          unknown: { reason: 'query-error' as const, mend: 'Correct `path`, or the endpoint changed its answer.' },
        };
      }
      return {
        ...found,
        summary: (wrong.length > 0 ? wrong : judged).map(saying).join(', '),
        ...(state === 'ok' ? {} : { atLeast: state }),
      };
    },
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Unanswered('query-error', 'the body is not JSON', 'Point the target at the endpoint that answers JSON.');
  }
}

function judgeField(field: BodyField, found: unknown): { row: ValuesOf<typeof COLUMNS>; value: Scalar } {
  const { name, path, equals, mismatch, warning, critical } = field;
  const value: Scalar =
    typeof found === 'string'
      ? found.slice(0, TEXT_LIMIT)
      : typeof found === 'number' || typeof found === 'boolean'
        ? found
        : null;
  const numeric = warning !== undefined || critical !== undefined;
  const threshold = { ...(warning === undefined ? {} : { warning }), ...(critical === undefined ? {} : { critical }) };
  const state =
    value === null || (numeric && typeof value !== 'number')
      ? 'unknown'
      : equals !== undefined && value !== equals
        ? mismatch
        : typeof value === 'number'
          ? judge(value, threshold)
          : 'ok';
  return { row: { name, path, value, expected: equals ?? warning ?? critical ?? null, state }, value };
}
