/** `10.0.0.7:6379`, `[fd00::7]:6379` */
export const hostPort = (host: string, port: string): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
