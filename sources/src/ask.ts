/**
 * The one way out of this room. Whoever creates the sources brings an `Ask`: the plugin brings Grafana's own HTTP
 * client, the command line and the tests bring `createFetchAsk` or recorded answers.
 */
export interface AskRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Path below Grafana's root, beginning with `/api/`; never a host. */
  readonly url: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

export interface Answer {
  readonly status: number;
  /** Parsed JSON, or the text when the body is not JSON (`''` for an empty body). */
  readonly body: unknown;
}

/** Resolves for every HTTP status; rejects only when there was no answer (network failure, abort). */
export type Ask = (request: AskRequest, signal: AbortSignal) => Promise<Answer>;
