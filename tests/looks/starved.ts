/** Whether the diagnostics service says that it gets too little of the machine: what it measures in time then says nothing. */
export async function isStarved(service: string): Promise<boolean> {
  try {
    const answer = await fetch(`${service}/healthz`, { signal: AbortSignal.timeout(5000) });
    return ((await answer.json()) as { starved?: object | null }).starved != null;
  } catch {
    // Who does not answer in five seconds gets too little of something.
    return true;
  }
}
