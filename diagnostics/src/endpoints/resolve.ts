/**
 * Names into addresses, once per probe: the connection goes to an address that was looked at, and a second answer of the
 * DNS cannot send it elsewhere.
 */
import { type LookupAddress, lookup } from 'node:dns';
import { type LookupFunction, isIP } from 'node:net';
import { type Deadline, before } from '../model/deadline';
import { type NetworkRules, refusal } from './network';

export class AddressRefused extends Error {}

/**
 * The system's resolver runs on the few threads that Node has for files and names, and a lookup without an answer holds
 * one for long. So a name is looked up once at a time however often it is wanted, and only two names at once.
 */
const AT_ONCE = 2;
const running = new Map<string, Promise<LookupAddress[]>>();
let busy = 0;
const waiting: Array<() => void> = [];

async function lookUp(name: string): Promise<LookupAddress[]> {
  if (busy >= AT_ONCE) {
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
  busy += 1;
  try {
    return await new Promise<LookupAddress[]>((resolve, reject) => {
      lookup(name, { all: true, order: 'verbatim' }, (error, addresses) =>
        error === null ? resolve(addresses) : reject(error)
      );
    });
  } finally {
    busy -= 1;
    waiting.shift()?.();
  }
}

/** Every address of the name, as the system's resolver says (hosts file, search domains, DNS). */
export function addressesOf(name: string): Promise<LookupAddress[]> {
  const version = isIP(name);
  if (version !== 0) {
    return Promise.resolve([{ address: name, family: version }]);
  }
  const known = running.get(name);
  if (known !== undefined) {
    return known;
  }
  const wanted = lookUp(name).finally(() => running.delete(name));
  wanted.catch(() => undefined);
  running.set(name, wanted);
  return wanted;
}

/** The addresses that may be asked. Errors: the resolver's, `DeadlineExceeded`, and `AddressRefused` when none may. */
export async function allowedAddresses(
  name: string,
  rules: NetworkRules,
  deadline: Deadline
): Promise<readonly LookupAddress[]> {
  const found = await before(deadline, `looking up ${name}`, addressesOf(name));
  const allowed = found.filter(({ address }) => refusal(address, name, rules) === undefined);
  if (allowed.length === 0) {
    const [first] = found;
    throw new AddressRefused(
      first === undefined ? `${name} has no address` : (refusal(first.address, name, rules) ?? 'refused')
    );
  }
  return allowed;
}

/** A `lookup` for sockets that knows nothing but these addresses. */
export function pinned(addresses: readonly LookupAddress[]): LookupFunction {
  return (_name, options, done) => {
    const [first] = addresses;
    if (options.all === true) {
      done(null, [...addresses]);
    } else {
      done(null, first?.address ?? '', first?.family ?? 4);
    }
  };
}
