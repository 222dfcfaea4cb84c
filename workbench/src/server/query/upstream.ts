/** What a data source answered: its status, and its body as JSON where it is JSON. */
interface Answer {
  status: number;
  ok: boolean;
  body: unknown;
  text: string;
}

/** Asks a data source; a network failure becomes an error that reads as Go's does in Grafana. */
export async function askUpstream(method: 'GET' | 'POST', url: URL, init: RequestInit = {}): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(url, { ...init, method });
  } catch (error) {
    throw new Error(`${method === 'POST' ? 'Post' : 'Get'} "${url.href}": ${reason(error, url)}`);
  }
  const text = await response.text();
  return { status: response.status, ok: response.ok, body: parsed(text), text };
}

function reason(error: unknown, url: URL): string {
  const { code, message } = ((error as Error).cause ?? error) as { code?: string; message?: string };
  if (code === 'ECONNREFUSED') {
    return `dial tcp ${url.host}: connect: connection refused`;
  }
  return code ?? message ?? String(error);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
