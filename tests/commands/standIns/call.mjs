/** What every stand-in shares: it says what is wrong with a call, for the person and for the test, and ends. */
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const WORLD = process.env.STAND_IN_WORLD;
const program = process.argv[1]
  .split('/')
  .at(-1)
  .replace(/\.mjs$/, '');

export const inWorld = (file) => join(WORLD, file);
export const cluster = () => JSON.parse(readFileSync(inWorld('cluster.json'), 'utf8'));

/** The call is one that the real program would refuse, or one that reaches more than it says: the test fails. */
export function refuse(why) {
  appendFileSync(inWorld('refused'), `${program} ${process.argv.slice(2).join(' ')}: ${why}\n`);
  process.stderr.write(`${program}: ${why}\n`);
  process.exit(64);
}

/** The call is well formed, and the state of the world makes it fail. */
export function fail(why) {
  process.stderr.write(`${why}\n`);
  process.exit(1);
}

export function accept() {
  appendFileSync(inWorld('calls'), `${program} ${process.argv.slice(2).join(' ')}\n`);
}

/**
 * Splits arguments into flags and the rest. `known` maps a flag to the pattern of its value, or to `true` when it takes
 * none. A long flag takes its value after `=`, a short one as the next argument.
 */
export function read(args, known) {
  const flags = {};
  const rest = [];
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index];
    if (!arg.startsWith('-')) {
      rest.push(arg);
      continue;
    }
    const [flag, inline] = arg.startsWith('--') && arg.includes('=') ? split(arg) : [arg, undefined];
    const takes = Object.hasOwn(known, flag) ? known[flag] : refuse(`unknown flag: ${flag}`);
    if (takes === true) {
      flags[flag] = inline === undefined ? true : refuse(`${flag} takes no value here`);
      continue;
    }
    const value = inline ?? args[(index += 1)];
    if (value === undefined || !takes.test(value)) {
      refuse(`invalid value ${JSON.stringify(value)} of ${flag}`);
    }
    if (Object.hasOwn(flags, flag)) {
      refuse(`${flag} is given twice`);
    }
    flags[flag] = value;
  }
  return { flags, rest };
}

function split(arg) {
  const at = arg.indexOf('=');
  return [arg.slice(0, at), arg.slice(at + 1)];
}
