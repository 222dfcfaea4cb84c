/**
 * Does the service stay as it is? `npx tsx bench/diagnostics/soak.ts [rounds]`, 10 000 when left out.
 * What a round is and what is counted: `diagnostics/tests/rig/soak.ts`.
 */
import { soak } from '../../diagnostics/tests/rig/soak';

async function main(): Promise<void> {
  const rounds = Number(process.argv[2] ?? 10_000);
  const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
  const told = await soak(rounds, ({ round, heap, rss }) => {
    process.stdout.write(`round ${round}: heap ${mb(heap)}, RSS ${mb(rss)}\n`);
  });
  const { samples, tookMs, heapBytesPerRound, rssBytesPerRound, postgresOpened, postgresNow, redisNow, notOk } = told;
  const [first, last] = [samples[0], samples.at(-1)];
  process.stdout.write(`
rounds               ${rounds}, ${(tookMs / rounds).toFixed(1)} ms each with Postgres, Redis and the recorder; not ok: ${notOk}
heap after collection ${mb(first?.heap ?? 0)} → ${mb(last?.heap ?? 0)}, ${heapBytesPerRound.toFixed(1)} bytes a round
RSS                   ${mb(first?.rss ?? 0)} → ${mb(last?.rss ?? 0)}, ${rssBytesPerRound.toFixed(1)} bytes a round
Postgres connections  ${postgresOpened} ever opened, ${postgresNow} at the end
Redis connections     ${redisNow} at the end
`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
