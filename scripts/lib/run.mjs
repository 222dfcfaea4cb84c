import { spawn } from 'node:child_process';

/**
 * Runs a command to its end with inherited output.
 * @returns {Promise<{ code: number, seconds: number, output: string }>} `output` only with `capture`.
 */
export function run(command, args, { cwd, env, capture = false, quiet = false } = {}) {
  const began = Date.now();
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', capture || quiet ? 'pipe' : 'inherit', capture || quiet ? 'pipe' : 'inherit'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        output += chunk;
        if (capture && !quiet) {
          process.stdout.write(chunk);
        }
      });
    }
    const end = (code) => resolve({ code, seconds: (Date.now() - began) / 1000, output });
    child.on('error', (error) => {
      output += String(error);
      end(127);
    });
    child.on('close', (code, signal) => end(code ?? (signal ? 130 : 1)));
  });
}
