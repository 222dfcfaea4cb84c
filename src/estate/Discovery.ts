/**
 * The components: those that packs declare, and what there is beside them, which is asked when the first page is opened and at most every
 * five minutes, and kept for all pages. A question that fails is said; what an earlier answer told stands meanwhile.
 */
import { BehaviorSubject } from 'rxjs';
import {
  claimsOf,
  discover,
  discoveryQueries,
  instantiate,
  rolesOf,
  type BoundPack,
  type Claims,
  type Component,
  type DeclaredEstate,
  type DiscoveredEstate,
  type EstateSettings,
  type Kind,
  type Kinds,
  type PlannedQuery,
  type Reading,
  type ServiceTarget,
  type Unread,
} from '@live-runbooks/engine';
import type { Sources } from '@live-runbooks/sources';

/** An estate changes rarely; what failed is tried again sooner. Milliseconds. */
const ASK_EVERY_MS = 300_000;
export const TRY_AGAIN_MS = 30_000;

export interface EstateState {
  /** Everything was asked at least once, whatever came of it. */
  readonly known: boolean;
  readonly estate: DiscoveredEstate;
  /** The components that have something to evaluate, as packs. */
  readonly bounds: readonly BoundPack[];
  /** What could not be read: components may be missing, or whose they are. */
  readonly unread: readonly Unread[];
  /** Requests that were sent for what is known. */
  readonly requests: number;
}

interface Given {
  readonly sources: Pick<Sources, 'evaluate' | 'health' | 'requests'>;
  readonly kinds: readonly Kind[];
  /** The packs with the values that are configured. */
  readonly bounds: readonly BoundPack[];
  /** The components that packs declare. */
  readonly declared: DeclaredEstate;
  /** What people said; undefined where that is not known, and `unsaid` why. */
  readonly settings: EstateSettings | undefined;
  readonly unsaid?: Unread;
  readonly clock: () => number;
}

const NOTHING: DiscoveredEstate = { components: [], arrows: [], hidden: [], aliases: {} };

const hasSeries = (reading: Reading): boolean => reading.kind === 'samples' && reading.samples.length > 0;

export class Discovery {
  readonly state: BehaviorSubject<EstateState>;
  /** Kinds by id. */
  readonly kinds: Kinds;
  readonly declared: DeclaredEstate;
  private readonly queries: readonly PlannedQuery[];
  private readonly claims: Claims;
  private answers: ReadonlyMap<string, Reading> = new Map();
  private targets: readonly ServiceTarget[] = [];
  private askedAt = -Infinity;
  private isAsking = false;
  /** Something failed, or nothing at all was found: a Prometheus that has just begun has not scraped yet. */
  private isSoon = false;

  constructor(private readonly given: Given) {
    const { kinds, bounds, declared } = given;
    this.declared = declared;
    this.kinds = new Map(kinds.map((kind) => [kind.id, kind]));
    this.queries = kinds.length === 0 ? [] : discoveryQueries(kinds);
    this.claims = claimsOf(bounds);
    this.state = new BehaviorSubject<EstateState>({
      ...{ known: this.queries.length === 0, estate: NOTHING, bounds: [], unread: this.unsaid(), requests: 0 },
    });
    // What is declared is evaluated before anything was asked, and where nothing can be.
    this.publish({});
  }

  /** Asks what there is, unless that was asked lately. All in one request. */
  ask(): void {
    const { sources, clock } = this.given;
    const every = this.isSoon ? TRY_AGAIN_MS : ASK_EVERY_MS;
    if (this.queries.length === 0 || this.isAsking || clock() - this.askedAt < every) {
      return;
    }
    this.askedAt = clock();
    this.isAsking = true;
    const sentBefore = sources.requests().sent;
    const plan = {
      queries: this.queries,
      requests: [{ source: 'prometheus' as const, queries: this.queries }],
      unplanned: [],
    };
    const failed: Failed[] = [];
    const answers = new Map(this.answers);
    sources.evaluate(plan).subscribe({
      next: (answer) => {
        if ('query' in answer && answer.reading.kind === 'failure') {
          failed.push(answer.reading);
        } else if ('query' in answer) {
          answers.set(answer.query, answer.reading);
        }
      },
      complete: () => {
        this.isAsking = false;
        this.answers = answers;
        this.isSoon = failed.length > 0 || ![...answers.values()].some(hasSeries);
        this.publish({
          known: true,
          unread: [...unreadOf(failed, this.queries), ...this.unsaid()],
          requests: sources.requests().sent - sentBefore,
        });
      },
    });
  }

  private unsaid(): Unread[] {
    return this.given.unsaid === undefined ? [] : [this.given.unsaid];
  }

  /** Takes the targets of the diagnostics service, from whoever learns them. */
  tellTargets(targets: readonly ServiceTarget[]): void {
    if (JSON.stringify(targets) !== JSON.stringify(this.targets)) {
      this.targets = targets;
      this.publish({});
    }
  }

  /** Asks the diagnostics service for its targets, for a page that does not learn them anyway. */
  async askTargets(signal: AbortSignal): Promise<void> {
    const [service] = await this.given.sources.health(signal, ['diagnostics']);
    if (!signal.aborted && service?.targets !== undefined) {
      this.tellTargets(service.targets);
    }
  }

  /** What is as it was keeps its identity, an estate and each of its components: pages begin anew with another one. */
  private publish(news: Partial<EstateState>): void {
    const before = this.state.value;
    const { kinds, settings } = this.given;
    const found = discover(kinds, this.answers, this.targets, this.claims, settings, this.declared);
    const byText = new Map(before.estate.components.map((one) => [JSON.stringify(one), one]));
    // What fills the roles of a component is asked with it.
    const rolesBefore = new Map(
      before.estate.components.map((one) => [one.id, JSON.stringify(rolesOf(one, before.estate, this.kinds))])
    );
    const estate = same(
      { ...found, components: found.components.map((one) => byText.get(JSON.stringify(one)) ?? one) },
      before.estate
    );
    const boundOf = (component: Component) => {
      const roles = rolesOf(component, estate, this.kinds);
      return byText.has(JSON.stringify(component)) && rolesBefore.get(component.id) === JSON.stringify(roles)
        ? before.bounds.find(({ pack }) => pack.id === component.id)
        : instantiate(component, this.kinds, { roles, extensions: this.declared.extensions.get(component.id) ?? [] });
    };
    this.state.next({
      ...before,
      ...news,
      unread: same(news.unread ?? before.unread, before.unread),
      estate,
      bounds:
        estate === before.estate
          ? before.bounds
          : estate.components
              .flatMap((component) => boundOf(component) ?? [])
              .filter(({ pack }) => pack.runbooks.length > 0),
    });
  }
}

function same<T>(next: T, before: T): T {
  return JSON.stringify(next) === JSON.stringify(before) ? before : next;
}

type Failed = Extract<Reading, { kind: 'failure' }>;

function unreadOf(failed: readonly Failed[], queries: readonly PlannedQuery[]): Unread[] {
  const [first] = failed;
  if (first === undefined) {
    return [];
  }
  const { reason, detail, mend } = first;
  const part = failed.length === queries.length ? '' : `${failed.length} of ${queries.length} questions failed: `;
  return [{ what: 'which components there are', reason, detail: part + detail, mend }];
}
