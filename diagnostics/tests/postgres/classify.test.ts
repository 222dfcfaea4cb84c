/** What refusals mean, in any language, and what to do about them. `reached.test.ts` has them from a real server. */
import { describe, expect, test } from 'vitest';
import { classifyPostgres, mendPostgres } from '../../src/postgres/classify';

const refusal = (code: string, message: string, routine = ''): Error =>
  Object.assign(new Error(message), { code, routine });
const asking = { user: 'live_runbooks', database: 'shop', sessions: 4 };

describe.each([
  [
    'the limit of the role',
    refusal('53300', 'trop de connexions pour le rôle « live_runbooks »', 'InitializeSessionUserId'),
    'role-limit',
    // One for each of four targets, and spare ones.
    /of its 4 targets there.*ALTER ROLE "live_runbooks" CONNECTION LIMIT 6;/,
  ],
  [
    'the limit of the database',
    refusal('53300', 'zu viele Verbindungen für Datenbank »shop«', 'CheckMyDatabase'),
    'role-limit',
    /ALTER DATABASE "shop" CONNECTION LIMIT/,
  ],
  [
    'the limit of the server',
    refusal('53300', 'desculpe, muitos clientes conectados', 'InitProcess'),
    'too-many-clients',
    /All connection slots are taken/,
  ],
  ['a full server', refusal('53300', 'sorry, too many clients already'), 'too-many-clients', /postgres\.connections/],
  [
    'no line for connections that are not encrypted',
    refusal('28000', 'aucune entrée dans pg_hba.conf pour l’hôte « ::1 », aucun chiffrement', 'ClientAuthentication'),
    'tls',
    /set `tls: true`/,
  ],
  [
    'a certificate is missing',
    refusal('28000', 'la connexion requiert un certificat client valide', 'ClientAuthentication'),
    'tls',
    /tls\.certFile and tls\.keyFile/,
  ],
  [
    'a wrong password',
    refusal('28P01', 'Passwort-Authentifizierung fehlgeschlagen', 'auth_failed'),
    'auth',
    /user and password/,
  ],
  [
    'no such database',
    refusal('3D000', 'Datenbank »shop« existiert nicht', 'InitPostgres'),
    'database-missing',
    /"shop"/,
  ],
  [
    'it is being stopped',
    refusal('57P01', 'Verbindung wird abgebrochen', 'ProcessInterrupts'),
    'shutting-down',
    /fast one/,
  ],
  ['it starts', refusal('57P03', 'the database system is starting up'), 'starting-up', /wait/],
  ['it is stopped, in English', refusal('57P03', 'the database system is shutting down'), 'shutting-down', /smart/],
] as const)('%s', (_, error, failureClass, mend) => {
  test(failureClass, () => {
    const failure = classifyPostgres(error);
    expect(failure.class).toBe(failureClass);
    expect(mendPostgres(failure, asking)).toMatch(mend);
  });
});

test('57P03 in another language is left to what was seen of the server', () => {
  expect(classifyPostgres(refusal('57P03', 'das Datenbanksystem fährt herunter'))).toMatchObject({ because: 'untold' });
});

test('over TLS, a line that is missing is missing for everybody', () => {
  const failure = classifyPostgres(refusal('28000', 'kein pg_hba.conf-Eintrag für Host »10.0.0.1«'), true);
  expect(failure).toMatchObject({ class: 'auth', because: 'no-hba-line' });
  expect(mendPostgres(failure, asking)).toContain('a line for this role, database and address');
});
