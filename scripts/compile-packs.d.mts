export function compilePacks(out: string): { index: string; ids: string[] };
