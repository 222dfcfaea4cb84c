/** What a refusal of the server means, by SQLSTATE. https://www.postgresql.org/docs/current/errcodes-appendix.html */

/** The statement took longer than STATEMENT_TIMEOUT_MS, or somebody cancelled it. */
export const TOO_SLOW = '57014';
/** Another session locks a relation that the statement reads. */
export const LOCKED = '55P03';
/** This role may not do it. */
export const REFUSED = '42501';
