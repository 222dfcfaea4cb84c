/** The control server of the estate, as the Demo drawer and `npm run demo:fault` use it. */
export interface FaultState {
  readonly name: string;
  readonly title: string;
  readonly expect: { readonly pack: string; readonly runbook: string; readonly cause: string };
  readonly alsoTrue: ReadonlyArray<{ readonly cause: string; readonly because: string }>;
  readonly active: boolean;
}

async function ask<T>(method: string, path: string): Promise<T> {
  const response = await fetch(`${process.env.ESTATE_CONTROL_URL}${path}`, { method });
  if (!response.ok) {
    throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  }
  return (await response.json()) as T;
}

export const listFaults = async () => (await ask<{ faults: FaultState[] }>('GET', '/faults')).faults;
export const injectFault = (name: string) => ask<FaultState>('POST', `/faults/${name}`);
export const clearFaults = () => ask<unknown>('DELETE', '/faults');
