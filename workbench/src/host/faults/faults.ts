/** A fault of the demo estate, as its control server lists it at `GET /faults`. */
export interface Fault {
  name: string;
  title: string;
  /** What to look at once it is injected. */
  watch: string;
  active: boolean;
  /** When it was injected, ms since the epoch; only while it is active. */
  since?: number;
}

/** The server forwards `/demo/*` to the control server that `--control` names, which answers `{faults: Fault[]}`. */
export async function listFaults(signal?: AbortSignal): Promise<Fault[]> {
  const { faults } = (await ask('GET', '/demo/faults', signal)) as { faults?: Fault[] };
  if (!Array.isArray(faults)) {
    throw new Error('GET /demo/faults answered no list of faults');
  }
  return faults;
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
