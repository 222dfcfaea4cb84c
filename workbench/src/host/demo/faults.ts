/** A fault of the demo estate, as its control server lists it at `GET /faults`. */
export interface Fault {
  name: string;
  title: string;
  /** What to look at once it is injected. */
  watch: string;
  active: boolean;
}

/** The server forwards `/demo/*` to the control server that `--control` names. */
export async function listFaults(signal?: AbortSignal): Promise<Fault[]> {
  return (await ask('GET', '/demo/faults', signal)) as Fault[];
}

export async function injectFault(name: string): Promise<void> {
  await ask('POST', `/demo/faults/${encodeURIComponent(name)}`);
}

export async function clearFaults(): Promise<void> {
  await ask('DELETE', '/demo/faults');
}

async function ask(method: string, path: string, signal?: AbortSignal): Promise<unknown> {
  const response = await fetch(path, { method, signal });
  const text = await response.text();
  const body = parsed(text);
  if (!response.ok) {
    throw new Error(`${method} ${path}: HTTP ${response.status}${reasonOf(body) ?? (text ? ` ${text}` : '')}`);
  }
  return body;
}

function reasonOf(body: unknown): string | undefined {
  const { error, message } = (body ?? {}) as { error?: string | { message?: string }; message?: string };
  const reason = message ?? (typeof error === 'string' ? error : error?.message);
  return reason ? ` ${reason}` : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
