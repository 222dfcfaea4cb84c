/**
 * A component as ranking reads it: the runbooks of its kinds, with its values. It is a bound pack like any other, whose id is the
 * component's; so one component more is no case of its own anywhere.
 *
 * What it lacks is left out, and is not unknown: evidence by a signal of a kind that it is not of, and signals of the diagnostics
 * service where no target of the service is this component.
 */
import { namedSignals } from '../compiled/conditions';
import { sharedName } from '../compiled/explains';
import { fixSignals } from '../compiled/fixReads';
import type { BoundPack } from '../model/bound';
import type { Component, ComponentKind } from '../model/component';
import type { Extension, Kind } from '../model/estate';
import type { Cause, Evidence, Fix, Pack, Param, Query, Runbook, Signal } from '../model/pack';
import { bind } from '../planning/bind';
import { scopeOf } from '../planning/vector';
import { parseTemplate } from '../wording/template';
import { labelsOf } from './identityLabels';
import type { FilledRole } from './roles';

/** Kinds by id. */
export type Kinds = ReadonlyMap<string, Kind>;

/** What a component has beside its kinds. */
interface Surroundings {
  /** Values for parameters of any kind (`window`, `scrape`); what the component or its dialect says is stronger. */
  readonly defaults?: Readonly<Record<string, string>>;
  /** Runbooks of packs that stand here in the place of those of the kinds. */
  readonly extensions?: readonly Extension[];
  /** The components that fill the roles of its kinds. */
  readonly roles?: readonly FilledRole[];
}

/**
 * The pack of a component, bound. Throws when a kind of the component is not among `kinds`.
 */
export function instantiate(
  component: Component,
  kinds: Kinds,
  { defaults = {}, extensions = [], roles = [] }: Surroundings = {}
): BoundPack {
  const parts = component.kinds.map((as) => ({ as, kind: kindOf(kinds, as) }));
  const needed = roles.map((filled) => ({ ...filled, kind: kindOf(kinds, filled.as) }));
  const identities = Object.fromEntries(
    [...needed, ...parts].flatMap(({ as, kind }) => {
      const identity = identityOf(as, kind);
      return identity === undefined ? [] : [[kind.identity.scope, identity]];
    })
  );
  const configured = Object.assign(
    {},
    defaults,
    ...needed.map(({ as, kind }) => valuesOf(as, kind)),
    ...parts.map(({ as, kind }) => valuesOf(as, kind)),
    ...needed.map((filled) => filled.with)
  ) as Record<string, string>;
  const params = Object.assign(
    {},
    ...parts.map(({ kind }) => kind.pack.params),
    ...[...needed, ...parts].map(scopeParam),
    ...needed.flatMap(({ params: open }) => open.map((name) => withoutDefault(name, parts)))
  ) as Record<string, Param>;
  const has = (param: string) => configured[param] !== undefined || params[param]?.default !== undefined;
  const ofKinds = parts.flatMap(({ kind }) =>
    kind.signals.flatMap((id) => {
      // A runbook of another kind of the component may be the only one that names it.
      return parts.find((part) => Object.hasOwn(part.kind.pack.signals, id))?.kind.pack.signals[id] ?? [];
    })
  );
  const own = new Set(ofKinds.map(({ id }) => id));
  const borrowed = needed.flatMap(({ kind }) =>
    kind.signals.flatMap((id) => {
      const signal = parts.find((part) => Object.hasOwn(part.kind.pack.signals, id))?.kind.pack.signals[id];
      return signal === undefined || own.has(id) ? [] : [seenFromOutside(signal)];
    })
  );
  const signals = Object.fromEntries(
    [...borrowed, ...ofKinds, ...extensions.flatMap((extension) => extension.signals)]
      .filter((signal) => isAskable(signal, has))
      .map((signal) => [signal.id, signal])
  );
  const known = (id: string): boolean => {
    const query = signals[id]?.query;
    return query !== undefined && (query.source !== 'combine' || Object.values(query.of).every(known));
  };
  const pack: Pack = {
    id: component.id,
    title: component.title,
    description: parts.map(({ kind }) => kind.title).join(', '),
    format: 1,
    params,
    signals: Object.fromEntries(
      Object.entries(signals).flatMap(([id, signal]) => (known(id) ? [[id, without(signal, known)]] : []))
    ),
    runbooks: parts.flatMap(({ kind }) =>
      kind.pack.runbooks.flatMap((runbook) => {
        const extension = extensions.find((each) => each.kind === kind.id && each.replaces === runbook.id);
        // Under the id of the kind's runbook: links to it stay what they are.
        const here = extension === undefined ? runbook : { ...extension.runbook, id: runbook.id };
        return runbookOf(here, kind, component, known) ?? [];
      })
    ),
  };
  return { ...bind(pack, { configured }), identities };
}

function kindOf(kinds: Kinds, { kind }: ComponentKind): Kind {
  const found = kinds.get(kind);
  if (found === undefined) {
    throw new Error(`There is no kind ${kind}.`);
  }
  return found;
}

/**
 * The values of all identity labels; an empty text for an optional label that the component does not have. Undefined for one of which
 * Prometheus has no series, such as a target that only the diagnostics service knows.
 */
function identityOf(as: ComponentKind, kind: Kind): Record<string, string> | undefined {
  const { labels, optional } = labelsOf(kind, as.dialect);
  if (!labels.every((label) => as.is[label])) {
    return undefined;
  }
  return Object.fromEntries([...labels, ...optional].map((label) => [label, as.is[label] ?? '']));
}

/** The scope of a kind, with the labels that the component's convention keeps. */
function scopeParam({ as, kind }: { readonly as: ComponentKind; readonly kind: Kind }): Record<string, Param> {
  const { scope } = kind.identity;
  const param = kind.pack.params[scope];
  const { labels, optional } = labelsOf(kind, as.dialect);
  return param === undefined ? {} : { [scope]: { ...param, identity: [...labels, ...optional] } };
}

function valuesOf(as: ComponentKind, kind: Kind): Record<string, string> {
  const { identity, dialects } = kind;
  const own = identityOf(as, kind);
  return {
    ...dialects[as.dialect]?.set,
    ...Object.fromEntries(
      Object.entries(labelsOf(kind, as.dialect).params).flatMap(([param, label]) =>
        as.is[label] ? [[param, as.is[label]]] : []
      )
    ),
    ...(own === undefined ? {} : { [identity.scope]: scopeOf([own]) }),
    ...as.with,
  };
}

/** The parameter without its default: another component's value would be a guess. */
function withoutDefault(name: string, parts: ReadonlyArray<{ readonly kind: Kind }>): Record<string, Param> {
  const param = parts.map(({ kind }) => kind.pack.params[name]).find((each) => each !== undefined);
  if (param === undefined) {
    return {};
  }
  const { default: _default, ...rest } = param;
  return { [name]: { ...rest, required: false } };
}

/** A signal of another component: the trouble that it shows is there, and not here. */
function seenFromOutside(signal: Signal): Signal {
  const { effect: _effect, ...rest } = signal;
  return { ...rest, trouble: false };
}

/** A check without a target cannot be asked, nor a query with a parameter that nobody has given. */
function isAskable({ query }: Signal, has: (param: string) => boolean): boolean {
  const texts =
    query.source === 'diagnostics' ? [query.target, ...wordsOf(query.read)] : 'expr' in query ? [query.expr] : [];
  return texts.every((text) => parseTemplate(text).every((part) => typeof part === 'string' || has(part.name)));
}

/** The words with which rows are compared: a parameter may be among them. */
function wordsOf(read: Extract<Query, { source: 'diagnostics' }>['read']): string[] {
  return Object.values('rows' in read ? read.where : {}).flatMap((condition) =>
    'is' in condition && typeof condition.is === 'string' ? [condition.is] : []
  );
}

/** The signal without what it says of signals that the component lacks. */
function without(signal: Signal, known: (id: string) => boolean): Signal {
  const { viewOf, recent, change, ...rest } = signal;
  return {
    ...rest,
    ...(viewOf === undefined || !known(viewOf) ? {} : { viewOf }),
    ...(recent === undefined || !known(recent) ? {} : { recent }),
    ...(change === undefined
      ? {}
      : {
          change: Object.fromEntries(
            Object.entries(change).filter(
              ([key, named]) => key === 'says' || (typeof named === 'string' && known(named))
            )
          ),
        }),
    requires: signal.requires.filter(known),
  };
}

/** The id that a runbook of a kind has at every component, or what stands in its place there. */
export function componentRunbookId(kind: string, runbook: string): string {
  return `${kind}-${runbook}`;
}

/** Undefined when no symptom of it can be asked here. Without a cause it still says that something is wrong. */
function runbookOf(
  runbook: Runbook,
  kind: Kind,
  component: Component,
  known: (id: string) => boolean
): Runbook | undefined {
  const symptoms = runbook.symptoms.filter(known);
  const fixes = Object.fromEntries(Object.entries(runbook.fixes).filter(([, fix]) => fixSignals(fix).every(known)));
  const causes = runbook.causes.flatMap((cause) => causeOf(cause, component, known, fixes) ?? []);
  if (symptoms.length === 0) {
    return undefined;
  }
  return {
    ...runbook,
    id: componentRunbookId(kind.id, runbook.id),
    pack: component.id,
    symptoms,
    causes,
    fixes,
    prevention: [],
    tests: [],
  };
}

/** Undefined when nothing is left that could make the case for it: what is weak was never meant to stand alone. */
function causeOf(
  cause: Cause,
  component: Component,
  known: (id: string) => boolean,
  fixes: Readonly<Record<string, Fix>>
): Cause | undefined {
  const evidence = cause.evidence.filter((item: Evidence) => known(item.signal) && namedSignals(item).every(known));
  if (!evidence.some(supports) || (cause.evidence.some(isStrong) && !evidence.some(isStrong))) {
    return undefined;
  }
  return {
    ...cause,
    identity: `${component.id}:${sharedName(cause.identity)}`,
    evidence,
    // What follows at other components is derived from the arrows.
    explains: cause.explains.filter((name) => !name.startsWith('*:')),
    fixes: cause.fixes.filter((id) => Object.hasOwn(fixes, id)),
  };
}

function supports({ present }: Evidence): boolean {
  return present.sign > 0 && present.band !== 'none';
}

function isStrong(evidence: Evidence): boolean {
  return supports(evidence) && (evidence.present.band === 'strong' || evidence.present.band === 'decisive');
}
