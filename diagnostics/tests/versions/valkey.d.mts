type Found = { readonly program: string } | { readonly missing: string };
export function installValkey(): Promise<Found>;
export function fetchValkeyWithTls(): Promise<Found>;
