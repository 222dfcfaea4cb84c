/** Recognisable, so that a test can look for them in answers and logs. */
export const TOKEN = 'test-token-0123456789abcdef';
export const PG_PASSWORD = 'pg-secret-5c1f';
export const REDIS_PASSWORD = 'redis-secret-77aa';
