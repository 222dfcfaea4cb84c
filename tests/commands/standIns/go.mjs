/** Stands in for go: `go tool pprof -top FILE` of a file that holds a profile. */
import { existsSync, readFileSync } from 'node:fs';
import { accept, fail, refuse } from './call.mjs';

const [file, ...more] = process.argv.slice(5);
if (process.argv.slice(2, 5).join(' ') !== 'tool pprof -top' || file === undefined || more.length > 0) {
  refuse('only `go tool pprof -top FILE` is known');
}
if (!existsSync(file) || !readFileSync(file, 'utf8').startsWith('profile of ')) {
  fail(`${file}: parsing profile: unrecognized profile format`);
}
accept();
process.stdout.write(
  'Type: cpu\n      flat  flat%   sum%        cum   cum%\n     2.10s 41.2% 41.2%      3.40s 66.7%  runtime.mallocgc\n'
);
