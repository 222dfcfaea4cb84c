/** The refusal for a role from which the server hides the work of other roles. */
import { Unanswered } from '../model/check';
import { quoteName } from './relationName';

export const hiddenFrom = (user: string): Unanswered =>
  new Unanswered(
    'no-permission',
    `the role ${quoteName(user)} does not see the sessions of other roles`,
    `GRANT pg_monitor TO ${quoteName(user)};`
  );
