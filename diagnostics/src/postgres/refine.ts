/** What was reached, as the checks showed it: a server that is full, or that waits for a lock on a catalog. */
import { TOO_LATE_MS } from '../model/deadline';
import { isClient } from './activity';
import { sayCatalogLock } from './catalogLocks';
import type { Reached } from './checks/availability';
import type { PostgresCheckContext } from './context';

export const refined = async (reached: Reached, context: PostgresCheckContext): Promise<Reached> =>
  refineLocked(await refineFull(reached, context), context);

/** The held session works, and yet ordinary clients are refused: that is the finding. */
async function refineFull(reached: Reached, context: PostgresCheckContext): Promise<Reached> {
  if ((reached.class !== 'ok' && reached.class !== 'too-many-clients') || context.left() < TOO_LATE_MS) {
    return reached;
  }
  try {
    const [{ usable, max }, activity] = [await context.shared.slots(), await context.shared.activity()];
    const total = activity.filter(isClient).length;
    return total >= usable
      ? {
          ...reached,
          class: 'too-many-clients',
          message: `${total} of ${usable} usable connections (max_connections ${max}) are taken: new clients are refused with 53300`,
        }
      : reached;
  } catch {
    return reached;
  }
}

/** Kept names are used without a query. While a catalog is locked they are queried, as a client would, to see whether that waits. */
export async function meetCatalogLocks({ askRaw, shared, names }: PostgresCheckContext): Promise<void> {
  if (await shared.hasAny('catalog_locks').catch(() => false)) {
    names.forget();
    await names.refresh(askRaw);
  }
}

/** A query that waits for a lock on a catalog does not mean that the server is silent: it answers, and says who holds the lock. */
async function refineLocked(reached: Reached, context: PostgresCheckContext): Promise<Reached> {
  if (
    !(reached.class === 'timeout' || (reached.class === 'ok' && context.shared.metLock)) ||
    context.left() < TOO_LATE_MS
  ) {
    return reached;
  }
  const locks = await context.shared.catalogLocks().catch(() => []);
  const [first] = locks;
  return first === undefined
    ? reached
    : {
        ...reached,
        class: 'catalog-locked',
        message: `the server answers, and ${reached.class === 'timeout' ? 'logins' : 'new questions'} wait: ${sayCatalogLock(first)}`,
        locks,
      };
}
