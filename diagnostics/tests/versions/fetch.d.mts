/** Major version → version of the package. */
export const PACKAGE: string;
export const PINNED: Readonly<Record<string, string>>;
export const CACHE: string;
export function binariesOf(major: string): string | undefined;
export function fetchVersion(major: string): void;
