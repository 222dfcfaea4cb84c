/** A port whose queue of waiting connections is full: the kernel drops the packets of whoever connects now. */
import { type Socket, connect } from 'node:net';
import { startRedis } from '../../../demo/src/servers';

export async function fullQueue(): Promise<{ readonly port: number; dispose(): Promise<void> }> {
  const server = await startRedis({ config: { 'tcp-backlog': '1' } });
  server.freeze();
  const open: Socket[] = [];
  const connects = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect({ host: server.host, port: server.port });
      open.push(socket);
      socket.on('error', () => undefined);
      const timer = setTimeout(() => resolve(false), 300);
      socket.on('connect', () => {
        clearTimeout(timer);
        resolve(true);
      });
    });
  while ((await connects()) && open.length < 50) {
    // One more.
  }
  return {
    port: server.port,
    async dispose() {
      open.forEach((socket) => socket.destroy());
      server.thaw();
      await server.dispose();
    },
  };
}
