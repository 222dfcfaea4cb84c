/** Stands in for kubectl: knows the verbs and flags that the packs use, and the one namespace of `cluster.json`. */
import { createServer } from 'node:http';
import { writeFileSync } from 'node:fs';
import { accept, cluster, fail, inWorld, read, refuse } from './call.mjs';
import { logOf } from './logs.mjs';

const NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
const SELECTOR = /^[A-Za-z0-9][-A-Za-z0-9_./]*=[-A-Za-z0-9_.]+(,[A-Za-z0-9][-A-Za-z0-9_./]*=[-A-Za-z0-9_.]+)*$/;
const COUNT = /^\d+$/;
const DURATION = /^(\d+(h|m|s))+$/;
const N = { '-n': NAME };

const VERBS = {
  'get pods': { flags: { ...N, '-l': SELECTOR }, run: pods },
  'describe pods': { flags: { ...N, '-l': SELECTOR }, run: pods },
  'delete pod': { flags: { ...N, '-l': SELECTOR }, run: deletePod },
  logs: {
    flags: {
      ...N,
      '-l': SELECTOR,
      '-c': NAME,
      '--all-containers': true,
      '--prefix': true,
      '--previous': true,
      '--ignore-errors': true,
      '--tail': /^(-1|\d+)$/,
      '--since': DURATION,
      '--max-log-requests': COUNT,
    },
    run: logs,
  },
  scale: { flags: { ...N, '--current-replicas': COUNT, '--replicas': COUNT }, run: scale },
  'rollout undo': { flags: N, run: changes('rolled back') },
  'rollout restart': { flags: N, run: changes('restarted') },
  'rollout history': {
    flags: N,
    run: changes('\nREVISION  CHANGE-CAUSE\n1         <none>\n2         kubectl set image'),
  },
  'rollout status': { flags: { ...N, '--timeout': DURATION }, run: changes('successfully rolled out') },
  'set env': { flags: { ...N, '-c': NAME }, run: setEnv },
  'set resources': {
    flags: { ...N, '-c': NAME, '--limits': /^(memory=\d+([kMGT]|[KMGT]i)?|cpu=\d+(m|\.\d+)?)$/ },
    run: setResources,
  },
  'port-forward': { flags: N, run: portForward },
};

const args = process.argv.slice(2);
const verb = [args.slice(0, 2).join(' '), args[0]].find((name) => Object.hasOwn(VERBS, name));
if (verb === undefined) {
  refuse(`unknown command: ${args.slice(0, 2).join(' ')}`);
}
const { flags, rest } = read(args.slice(verb.split(' ').length), VERBS[verb].flags);
const { namespace, workloads } = cluster();
if (flags['-n'] !== namespace) {
  refuse(`the namespace is ${flags['-n'] ?? 'not given'}`);
}
VERBS[verb].run(flags, rest);

/** The one workload of TYPE/NAME. */
function workload(words) {
  if (words.length !== 1) {
    refuse(`one TYPE/NAME is wanted, not ${JSON.stringify(words)}`);
  }
  const [kind, name] = words[0].split('/');
  return (
    workloads.find((each) => each.kind === kind && each.name === name) ??
    fail(`Error from server (NotFound): ${kind}s.apps "${name}" not found`)
  );
}

function selected(selector) {
  return workloads.find(({ labels }) => labels === selector) ?? fail('No resources found.');
}

function container({ containers }) {
  if (!containers.includes(flags['-c'])) {
    refuse(`the container is ${flags['-c'] ?? 'not given, and the pods have several'}`);
  }
}

function pods() {
  const { name } = selected(flags['-l'] ?? refuse('every pod of the namespace'));
  accept();
  process.stdout.write(`NAME                READY   STATUS    RESTARTS   AGE\n${name}-0   2/2   Running   0   3d\n`);
}

function deletePod(_, words) {
  if ((flags['-l'] === undefined) === (words.length === 0)) {
    refuse('a name or a selector is wanted, one of the two');
  }
  const name = flags['-l'] === undefined ? words[0].replace(/-0$/, '') : selected(flags['-l']).name;
  if (words.length > 1 || !workloads.some((each) => each.name === name)) {
    fail(`Error from server (NotFound): pods "${words.join(' ')}" not found`);
  }
  accept();
  process.stdout.write(`pod "${name}-0" deleted\n`);
}

function logs(_, words) {
  const one = flags['-l'] === undefined ? workload(words) : selected(flags['-l']);
  if (flags['-l'] !== undefined && words.length > 0) {
    refuse('a selector and a name');
  }
  if (flags['-l'] !== undefined && flags['--tail'] === undefined) {
    refuse('with a selector only the last 10 lines of each pod are read');
  }
  if (flags['--all-containers'] === undefined) {
    container(one);
  }
  if (flags['--previous'] && !flags['--ignore-errors']) {
    fail(`Error from server (BadRequest): previous terminated container "${flags['-c']}" in pod not found`);
  }
  accept();
  const prefix = flags['--prefix'] ? `[pod/${one.name}-0/${flags['-c']}] ` : '';
  const lines = logOf(one.kind, one.name, flags['--previous'] === true);
  process.stdout.write(lines.map((line) => `${prefix}${line}\n`).join(''));
}

function scale(_, words) {
  const { kind, name, replicas } = workload(words);
  const current =
    flags['--current-replicas'] ?? refuse('the present number is not given: another change would be lost');
  if (Number(current) !== replicas) {
    fail(`error: Expected replicas to be ${current}, was ${replicas}`);
  }
  if (flags['--replicas'] === undefined) {
    refuse('required flag(s) "replicas" not set');
  }
  accept();
  process.stdout.write(`${kind}.apps/${name} scaled\n`);
}

function changes(what) {
  return (_, words) => {
    const { kind, name } = workload(words);
    accept();
    process.stdout.write(`${kind}.apps/${name} ${what}\n`);
  };
}

function setEnv(_, [target, ...pairs]) {
  container(workload([target]));
  if (pairs.length === 0 || pairs.some((pair) => !/^[A-Z_][A-Z0-9_]*=\S+$/.test(pair))) {
    refuse(`${JSON.stringify(pairs)} is no list of NAME=value`);
  }
  changes('env updated')(_, [target]);
}

function setResources(_, words) {
  container(workload(words));
  if (flags['--limits'] === undefined) {
    refuse('you must specify an update to requests or limits');
  }
  changes('resource requirements updated')(_, words);
}

/** Listens a while after it was started, as the real one does, and stays until it is killed. */
function portForward(_, [target, ports, ...more]) {
  workload([target]);
  if (!/^\d{2,5}:\d{2,5}$/.test(ports ?? '') || more.length > 0) {
    refuse(`one LOCAL:REMOTE is wanted, not ${JSON.stringify([ports, ...more])}`);
  }
  accept();
  const [local] = ports.split(':');
  const server = createServer(({ url }, response) => {
    const found = /^\/debug\/pprof\/(heap|profile\?seconds=\d+|goroutine\?debug=2)$/.test(url);
    response.writeHead(found ? 200 : 404);
    response.end(found ? `profile of ${target}\n` : 'unknown profile\n');
  });
  writeFileSync(inWorld('forward.pid'), String(process.pid));
  setTimeout(() => {
    server.listen(0, '127.0.0.1', () => {
      process.stdout.write(`Forwarding from 127.0.0.1:${local} -> ${ports.split(':')[1]}\n`);
      // Not the real port, which may be taken on the machine of the test: the stand-in of curl looks it up here.
      writeFileSync(inWorld(`forwarded-${local}`), String(server.address().port));
    });
  }, 300);
}
