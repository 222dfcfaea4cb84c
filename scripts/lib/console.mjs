// Progress that reads well in a terminal and in a CI log: one line a step, with its seconds.

const started = Date.now();
const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code, text) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);

export const bold = (text) => paint('1', text);
export const green = (text) => paint('32', text);
export const red = (text) => paint('31', text);
export const dim = (text) => paint('2', text);

/** Seconds since the script began, right-aligned. */
export const clock = () => dim(`${((Date.now() - started) / 1000).toFixed(1).padStart(6)} s`);

export function say(text) {
  process.stdout.write(`${clock()}  ${text}\n`);
}

/** Ends the script with a message that says what to do. */
export function giveUp(text) {
  process.stderr.write(`\n${red('Stopped.')} ${text}\n`);
  process.exit(1);
}
