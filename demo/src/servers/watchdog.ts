/**
 * Nothing that this process starts outlives it, however it ends: normal exit, SIGINT, an uncaught error or SIGKILL.
 *
 * In-process handlers cannot promise that (SIGKILL runs none, and they fight with the test runner's own). So one small
 * shell reads a pipe whose other end only this process holds: when the pipe closes, we are gone, and the shell ends what
 * is still on its list. It wakes stopped processes first, asks with each one's own stop signal, and kills after 2 s.
 */
import { type ChildProcess, spawn } from 'node:child_process';

const SCRIPT = `
trap '' INT TERM HUP QUIT
procs=""; dirs=""
drop() { kept=""; for x in $1; do [ "$x" = "$2" ] || kept="$kept $x"; done; echo "$kept"; }
while read -r verb what; do
  case "$verb" in
    process) procs="$procs $what" ;;
    ended) procs=$(drop "$procs" "$what") ;;
    directory) dirs="$dirs $what" ;;
    removed) dirs=$(drop "$dirs" "$what") ;;
  esac
done
children() { cat /proc/"$1"/task/*/children 2>/dev/null || ps -o pid= --ppid "$1" 2>/dev/null; }
all=""
for entry in $procs; do
  pid=\${entry%%:*}; signal=\${entry##*:}; kids=$(children "$pid"); all="$all $pid $kids"
  kill -CONT "$pid" $kids 2>/dev/null; kill -"$signal" "$pid" 2>/dev/null
done
tries=0
while [ $tries -lt 20 ]; do
  alive=0; for pid in $all; do kill -0 "$pid" 2>/dev/null && alive=1; done
  [ $alive = 0 ] && break; tries=$((tries + 1)); sleep 0.1
done
for entry in $procs; do pid=\${entry%%:*}; kill -KILL -"$pid" 2>/dev/null; done
for pid in $all; do kill -KILL "$pid" 2>/dev/null; done
for dir in $dirs; do rm -rf "$dir"; done
`;

let shell: ChildProcess | undefined;

function tell(line: string): void {
  if (shell === undefined) {
    shell = spawn('/bin/sh', ['-c', SCRIPT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    shell.unref();
    // An idle pipe must not keep the process alive: its closing is the signal.
    (shell.stdin as unknown as { unref?: () => void }).unref?.();
    shell.stdin?.on('error', () => undefined);
  }
  shell.stdin?.write(`${line}\n`);
}

/** From now on the process dies with us. `stopSignal` is what asks it to end in order (`QUIT`, `TERM`). */
export function guardProcess(pid: number, stopSignal: string): () => void {
  const entry = `${pid}:${stopSignal}`;
  tell(`process ${entry}`);
  return () => tell(`ended ${entry}`);
}

/** From now on the directory is removed when this process ends. Only for temporary directories without spaces. */
export function guardDirectory(path: string): () => void {
  if (!/^[\w./-]+$/.test(path)) {
    throw new Error(`refusing to guard the directory "${path}": only letters, digits, "_", "-", "." and "/"`);
  }
  tell(`directory ${path}`);
  return () => tell(`removed ${path}`);
}
