/**
 * Alert rules out of packs: every `prevention` becomes a Prometheus rule on the signal that it names, with the signal's
 * own threshold, so that a threshold has one home. Pure: packs in, rules out.
 */
import {
  alertHold,
  alertThreshold,
  bind,
  plan,
  type BoundPack,
  type Pack,
  type Prevention,
  type Runbook,
  type Signal,
} from '@live-runbooks/engine';

export interface AlertOptions {
  /** Values for parameters; each is given to every pack that has a parameter of that name. */
  readonly bind: Readonly<Record<string, string>>;
  /** Address of Grafana, without a slash at its end. */
  readonly baseUrl: string;
}

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface AlertGroup {
  /** `<pack>.<runbook>`. */
  readonly name: string;
  readonly rules: readonly AlertRule[];
}

/** The page of the app that an alert opens. */
export function runbookUrl(baseUrl: string, pack: string, runbook: string): string {
  return `${baseUrl}/a/liverunbooks-troubleshooting-app/runbooks/${pack}/${runbook}`;
}

/** One group a runbook. Throws an Error that says what to mend when a rule cannot be made. */
export function alertGroups(pack: Pack, options: AlertOptions): AlertGroup[] {
  const configured = Object.fromEntries(Object.entries(options.bind).filter(([name]) => name in pack.params));
  const bound = bind(pack, { configured });
  const [name, problem] = Object.entries(bound.problems)[0] ?? [];
  if (name !== undefined && problem !== undefined) {
    throw new Error(`${pack.id}: ${problem.message} ${problem.mend}`);
  }
  return pack.runbooks
    .filter(({ prevention }) => prevention.length > 0)
    .map((runbook) => ({
      name: `${pack.id}.${runbook.id}`,
      rules: runbook.prevention.map((prevention) => rule(bound, runbook, prevention, options.baseUrl)),
    }));
}

function rule(bound: BoundPack, runbook: Runbook, prevention: Prevention, baseUrl: string): AlertRule {
  const { pack } = bound;
  const where = `${pack.id}/${runbook.id}: the alert ${prevention.alert}`;
  const signal = pack.signals[prevention.signal];
  if (signal?.query.source !== 'prometheus') {
    throw new Error(`${where} needs a signal that Prometheus can evaluate; ${prevention.signal} is asked elsewhere`);
  }
  const key = `${pack.id}/${signal.id}`;
  const query = plan([bound], { signals: [key] }).queries.find(({ signals }) => signals.includes(key));
  if (query === undefined) {
    throw new Error(`${where}: the query of ${signal.id} has a parameter without a value`);
  }
  return {
    alert: prevention.alert,
    expr: condition(query.expr.trim(), signal, prevention, where),
    for: holdFor(bound, prevention, where),
    labels: { severity: prevention.severity, service: runbook.service, pack: pack.id, runbook: runbook.id },
    annotations: {
      summary: prevention.summary,
      description: prevention.description,
      runbook_url: runbookUrl(baseUrl, pack.id, runbook.id),
    },
  };
}

/** Judges as the engine does: where no series means that the signal is present, none has to fire too. */
function condition(expr: string, signal: Signal, prevention: Prevention, where: string): string {
  const compared = `(${expr}) ${comparison(signal, prevention, where)}`;
  return signal.empty === 'present' ? `${compared} or absent(${expr})` : compared;
}

/** The comparison of the rule, on the threshold that the page shows. */
function comparison({ id, test }: Signal, { severity }: Prevention, where: string): string {
  const threshold = alertThreshold(test, severity);
  if (threshold === undefined) {
    throw new Error(`${where}: ${id} compares with a text or with several values, which one rule cannot`);
  }
  // `up` and its like are compared with the threshold of being down, which is the same in both grades.
  const operator = 'above' in test ? '>' : 'below' in test ? '<' : 'is' in test ? '==' : '!=';
  return `${operator} ${threshold}`;
}

function holdFor(bound: BoundPack, prevention: Prevention, where: string): string {
  const hold = alertHold(bound, prevention);
  if (hold === undefined) {
    throw new Error(`${where} holds for the parameter hold, which the pack does not have`);
  }
  return hold;
}
