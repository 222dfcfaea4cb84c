/** Logs as kubectl prints them: lines of JSON among plain ones. */
const POSTGRES = [
  '2026-03-01 10:00:00.100 UTC [1] LOG:  database system is ready to accept connections',
  '2026-03-01 10:02:11.512 UTC [812] app@shop ERROR:  deadlock detected',
  '2026-03-01 10:02:11.512 UTC [812] app@shop DETAIL:  Process 812 waits for ShareLock on transaction 7; blocked by process 813.',
  '\tProcess 813 waits for ShareLock on transaction 6; blocked by process 812.',
  '\tProcess 812: UPDATE accounts SET total = 1 WHERE id = 2',
  '2026-03-01 10:02:11.512 UTC [812] app@shop HINT:  See server log for query details.',
];
const REDIS = ['1:M 01 Mar 2026 10:00:00.000 * Ready to accept connections'];
const APPLICATION = [
  'starting',
  '{"level":"info","msg":"GET /healthz","status":200}',
  String.raw`{"level":"error","msg":"call failed","error":"Post \"https://pay.example/v1\": context deadline exceeded","status":502}`,
  '{"level":"error","msg":"call failed","error":"record not found"}',
  String.raw`{"level":"error","msg":"call failed","error": "Post \"https://pay.example/v1\": context deadline exceeded"}`,
  'context deadline exceeded (in a plain line)',
];
const ENDED = [
  '{"level":"info","msg":"GET /orders","status":200}',
  'panic: runtime error: invalid memory address or nil pointer dereference',
  '[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x6f2a11]',
  '',
  'goroutine 117 [running]:',
  'example.com/shop/orders.(*Handler).Get(0xc0001a2000)',
  '\t/src/orders/handler.go:41 +0x2f1',
];

/** `previous`: of the containers before the present ones, of which one pod has none. */
export function logOf(kind, name, previous) {
  if (previous) {
    return [...ENDED, `error: previous terminated container "${name}" in pod "${name}-1" not found`];
  }
  return kind === 'statefulset' ? POSTGRES : name.includes('redis') ? REDIS : APPLICATION;
}
