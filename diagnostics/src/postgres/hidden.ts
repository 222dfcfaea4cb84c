/** What is said when the server hides the work of other roles from this one. */
import { Unanswered } from '../model/check';
import { quoteName } from './relation-name';

export const hiddenFrom = (user: string): Unanswered =>
  new Unanswered(
    'no-permission',
    `the role ${quoteName(user)} does not see the sessions of other roles`,
    `GRANT pg_monitor TO ${quoteName(user)};`
  );
