/**
 * Which addresses may be asked. The configuration names hosts; what a name resolves to is decided by whoever runs its
 * DNS, so addresses that give away credentials (metadata services, other link-local ones) and this machine itself are
 * refused unless the configuration allows them in so many words.
 */
import { BlockList, isIP } from 'node:net';
import { z } from 'zod';

const NEVER = [
  ...['0.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '240.0.0.0/4', '100.100.100.200/32', '168.63.129.16/32'],
  ...['::/128', 'fe80::/10', 'ff00::/8', 'fd00:ec2::254/128', 'fd20:ce::254/128'],
  // The same IPv4 networks inside IPv6: NAT64 and 6to4.
  ...['64:ff9b::a9fe:0/112', '2002:a9fe::/32'],
];
const THIS_MACHINE = ['127.0.0.0/8', '::1/128', '64:ff9b::7f00:0/104', '2002:7f00::/24'];

const network = z
  .string()
  .refine((text) => parse(text) !== undefined, 'an address or a network: 10.0.0.0/8, 192.0.2.7, fd00::/8');

/** Keys of every target that names a host. */
export const networkKeys = {
  /** Addresses or networks that are asked although they are link-local, metadata services or this machine. */
  allowAddresses: z.array(network).max(50).default([]),
  /** When given, no other address is asked, whatever a name resolves to. */
  onlyAddresses: z.array(network).max(50).default([]),
};

export interface NetworkRules {
  readonly allowAddresses: readonly string[];
  readonly onlyAddresses: readonly string[];
}

/** Why this address is not asked; undefined: it may be. `name`: the host in the configuration. */
export function refusal(address: string, name: string, rules: NetworkRules): string | undefined {
  const within = (networks: readonly string[]): boolean => contains(networks, address);
  if (rules.onlyAddresses.length > 0 && !within(rules.onlyAddresses)) {
    return `${address} is not among onlyAddresses`;
  }
  if (within(rules.allowAddresses)) {
    return undefined;
  }
  if (within(NEVER)) {
    return `${address} is link-local, a metadata service, or no address of a host`;
  }
  const meansThisMachine = isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost');
  if (within(THIS_MACHINE) && !meansThisMachine) {
    return `${name} resolves to ${address}, which is this machine`;
  }
  return undefined;
}

function contains(networks: readonly string[], address: string): boolean {
  const list = new BlockList();
  for (const each of networks) {
    const parsed = parse(each);
    if (parsed !== undefined) {
      list.addSubnet(parsed.address, parsed.prefix, parsed.family);
    }
  }
  const [plain = ''] = address.split('%');
  return list.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
}

function parse(text: string): { address: string; prefix: number; family: 'ipv4' | 'ipv6' } | undefined {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0 || address.includes('%')) {
    return undefined;
  }
  const most = version === 4 ? 32 : 128;
  const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
  return prefix < 0 || prefix > most ? undefined : { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' };
}
