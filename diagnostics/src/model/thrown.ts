/** What is thrown when a server cannot be reached, whatever kind of server it is. */

/** Code and message of whatever was thrown. An `AggregateError` (several addresses) is told by its first error. */
export function describe(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof AggregateError && error.errors.length > 0) {
    return describe(error.errors[0]);
  }
  const { code, message } = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>;
  return {
    code: typeof code === 'string' ? code : '',
    message: typeof message === 'string' && message !== '' ? message : String(error),
  };
}

/** The class of an error of the system that comes before any protocol; undefined for every other code. */
export function networkClass(code: string): 'refused' | 'dns' | 'timeout' | undefined {
  switch (code) {
    case 'ECONNREFUSED':
      return 'refused';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
    case 'EAI_NODATA':
      return 'dns';
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
      return 'timeout';
    default:
      return undefined;
  }
}
