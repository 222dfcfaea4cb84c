/** Errors of the service: `{error: {code, message, mend}}`, with what to do about it. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly mend: string
  ) {
    super(message);
  }

  body(): { error: { code: string; message: string; mend: string } } {
    return { error: { code: this.code, message: this.message, mend: this.mend } };
  }
}
