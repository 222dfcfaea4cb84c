/**
 * Looks at an estate until it is ended, as a program of its own: one line of JSON a look, with the outcomes behind it.
 * `node --import tsx tests/looks/watch.ts <address of Grafana or the workbench> [<address of the diagnostics service>]`
 */
import { recordable, lookOf } from './lookOf';
import { openLooker } from './looker';
import { isStarved } from './starved';

/** As often as a person who watches closely lets the page refresh. */
const EVERY_MS = 2000;

async function main(): Promise<void> {
  const [grafana, service] = process.argv.slice(2);
  if (grafana === undefined) {
    throw new Error('usage: watch.ts <address of Grafana or the workbench> [<address of the diagnostics service>]');
  }
  const looker = await openLooker(grafana);
  for (;;) {
    const evaluation = await looker.look();
    const starved = service === undefined ? false : await isStarved(service);
    const seen = { look: { ...lookOf(evaluation), starved }, outcomes: recordable(evaluation.outcomes) };
    process.stdout.write(`${JSON.stringify(seen)}\n`);
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
