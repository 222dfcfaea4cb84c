import type { UnknownReason } from '../model/outcome';
import type { Query } from '../model/pack';

const SOURCE_NAMES: Readonly<Record<Query['source'], string>> = {
  prometheus: 'Prometheus',
  loki: 'Loki',
  diagnostics: 'the diagnostics service',
  alert: 'the list of firing alerts',
  combine: 'what they are made of',
  manual: 'a person',
};

/** Why, in words that fit "3 signals were not checked: …". */
export function reasonWords(reason: UnknownReason, source: Query['source']): string {
  const name = SOURCE_NAMES[source];
  switch (reason) {
    case 'no-series':
      return `${name} has no data for them`;
    case 'query-error':
      return `${name} answered with an error`;
    case 'stale':
      return `the last answer of ${name} is too old`;
    case 'no-permission':
      return `${name} refused permission`;
    case 'not-configured':
      return source === 'manual' ? 'nobody has answered yet' : `${name} is not configured for them`;
    case 'not-applicable':
      return 'they do not apply here';
    case 'timeout':
      return `${name} did not answer in time`;
    case 'cancelled':
      return 'they were not asked yet';
  }
}

/** What to do about it when neither the source nor the author of the signal says. */
export function defaultMend(reason: UnknownReason, source: Query['source']): string {
  const name = SOURCE_NAMES[source];
  switch (reason) {
    case 'no-series':
      return 'Check that the metric is scraped and that the parameters of the pack name it rightly.';
    case 'query-error':
      return `Run the query by itself in ${name} and read its error.`;
    case 'stale':
      return `Check that ${name} still collects: its clock, its targets, its load.`;
    case 'no-permission':
      return `Grant the account that asks ${name} the rights that it needs to read.`;
    case 'not-configured':
      return source === 'manual'
        ? 'Answer the question on the page of the runbook.'
        : `Set up ${name} in the configuration of the app.`;
    case 'not-applicable':
      return 'Nothing to do.';
    case 'timeout':
      return `Check that ${name} is reachable and not overloaded, then ask again.`;
    case 'cancelled':
      return 'Ask again.';
  }
}
