/** Who calls whom, under the name and the labels that the service graph of OpenTelemetry and of Tempo has. */
import { Counter, type Registry } from 'prom-client';

/**
 * Counts the calls of a process to one server. `server` is what its team calls the server (`peer.service`). A call counts when it is
 * made, whether it is answered or not.
 */
export function countCalls(registry: Registry, client: string): (server: string) => () => void {
  const calls = new Counter({
    name: 'traces_service_graph_request_total',
    help: 'Calls between two nodes of the service graph',
    labelNames: ['client', 'server', 'connection_type'],
    registers: [registry],
  });
  // Of databases and caches alike: it is said of a node that sends no spans of its own.
  return (server) => () => calls.inc({ client, server, connection_type: 'database' });
}
