/**
 * The promtool tests of an alert. Its author writes cases (`alerts/cases/<pack>/<Alert>.yaml`): series, and what fires
 * at which moments, with the description as a reader sees it. Here they become a test file for promtool, which compares
 * labels and annotations whole.
 */
import { z } from 'zod';

import type { AlertRule } from './alerts';

const firing = z.strictObject({
  /** Labels of the result, beside those of the rule. */
  labels: z.record(z.string(), z.string()).default({}),
  /** The rendered description. */
  says: z.string(),
});
/** The cases of one alert, as their author writes them. */
export const alertCasesSchema = z.strictObject({
  interval: z.string().default('1m'),
  cases: z
    .array(
      z.strictObject({
        /** `fires` (and resolves), `boundary` (at the threshold it is quiet), `quiet` (too little traffic, or no series). */
        kind: z.enum(['fires', 'boundary', 'quiet']),
        name: z.string(),
        series: z.record(z.string(), z.union([z.string(), z.number()]).transform(String)),
        /** Moments (`12m`) and what fires then. */
        expect: z.record(z.string(), z.array(firing)),
      })
    )
    .min(3),
});
export type AlertCases = z.output<typeof alertCasesSchema>;

/** Reads an author's cases. Throws an Error that names what is missing: every alert fires, resolves, and is quiet twice. */
export function readAlertCases(name: string, data: unknown): AlertCases {
  const result = alertCasesSchema.safeParse(data);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw new Error(`${name}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not a list of cases'}`);
  }
  const { cases } = result.data;
  const of = (kind: string) => cases.filter((each) => each.kind === kind);
  const states = (each: (typeof cases)[number]) => Object.values(each.expect).map((alerts) => alerts.length > 0);
  if (!of('fires').some((each) => states(each).includes(true) && states(each).at(-1) === false)) {
    throw new Error(
      `${name}: no case of kind fires in which the alert fires and, at a later moment, is resolved (an empty list)`
    );
  }
  for (const kind of ['boundary', 'quiet'] as const) {
    if (of(kind).length === 0 || of(kind).some((each) => states(each).length === 0 || states(each).includes(true))) {
      throw new Error(`${name}: needs a case of kind ${kind}, in which nothing fires at any moment`);
    }
  }
  return result.data;
}

/** The content of promtool's test file for one rule. */
export function promtoolTest(rule: AlertRule, rulesFile: string, cases: AlertCases): object {
  const { summary, runbook_url: runbookUrl } = rule.annotations;
  return {
    rule_files: [rulesFile],
    evaluation_interval: cases.interval,
    tests: cases.cases.map(({ name, series, expect }) => ({
      name,
      interval: cases.interval,
      input_series: Object.entries(series).map(([each, values]) => ({ series: each, values })),
      alert_rule_test: Object.entries(expect).map(([moment, alerts]) => ({
        eval_time: moment,
        alertname: rule.alert,
        exp_alerts: alerts.map(({ labels, says }) => ({
          exp_labels: { ...rule.labels, ...labels },
          exp_annotations: { summary, description: says, runbook_url: runbookUrl },
        })),
      })),
    })),
  };
}
