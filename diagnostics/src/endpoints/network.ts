/**
 * Which addresses may be asked. The configuration names hosts; what a name resolves to is decided by whoever runs its
 * DNS, so addresses that give away credentials (metadata services, other link-local ones) and this machine itself are
 * refused unless the configuration allows them in so many words.
 */
import { BlockList, isIP } from 'node:net';
import { z } from 'zod';

const NEVER = [
  ...['0.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '240.0.0.0/4', '100.100.100.200/32', '168.63.129.16/32'],
  ...['192.0.0.192/32', '::/128', 'fe80::/10', 'fec0::/10', 'ff00::/8', 'fd00:ec2::254/128', 'fd20:ce::254/128'],
  // Local NAT64 prefixes hide an IPv4 address where each network likes (RFC 8215): it cannot be looked at.
  '64:ff9b:1::/48',
];
const THIS_MACHINE = ['127.0.0.0/8', '::1/128'];

/** Where IPv6 addresses carry an IPv4 address, as the bit at which it begins; Teredo inverts it. */
const CARRIERS: ReadonlyArray<readonly [network: string, bit: number, inverted?: 'inverted']> = [
  ['::/96', 96], // compatible, RFC 4291
  ['::ffff:0:0/96', 96], // mapped
  ['::ffff:0:0:0/96', 96], // translated, RFC 2765
  ['64:ff9b::/96', 96], // NAT64, RFC 6052
  ['2002::/16', 16], // 6to4, RFC 3056
  ['2001::/32', 96, 'inverted'], // Teredo, RFC 4380
];

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
  const addresses = [address, ...carried(address)];
  const within = (networks: readonly string[]): boolean => contains(networks, address);
  const anyWithin = (networks: readonly string[]): boolean => addresses.some((each) => contains(networks, each));
  if (rules.onlyAddresses.length > 0 && !within(rules.onlyAddresses)) {
    return `${address} is not among onlyAddresses`;
  }
  if (within(rules.allowAddresses)) {
    return undefined;
  }
  if (anyWithin(NEVER)) {
    return `${address} is link-local, a metadata service, or no address of a host`;
  }
  const meansThisMachine = isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost');
  if (anyWithin(THIS_MACHINE) && !meansThisMachine) {
    return `${name} resolves to ${address}, which is this machine`;
  }
  return undefined;
}

/** The IPv4 addresses inside an IPv6 address: a gateway on the way may take them out and go there. */
function carried(address: string): string[] {
  const [plain = ''] = address.split('%');
  if (isIP(plain) !== 6 || plain === '::' || plain === '::1') {
    return [];
  }
  const bytes = bytesOf(plain);
  // ISATAP (RFC 5214) is below any prefix.
  const isatap = bytes.readUInt16BE(10) === 0x5efe && (bytes.readUInt16BE(8) & 0xfdff) === 0;
  const found = CARRIERS.filter(([network]) => contains([network], plain));
  return (isatap ? [...found, ['', 96] as const] : found).map(([, bit, inverted]) =>
    [...bytes.subarray(bit / 8, bit / 8 + 4)].map((byte) => (inverted === undefined ? byte : byte ^ 0xff)).join('.')
  );
}

/** The sixteen bytes of a valid IPv6 address. */
function bytesOf(address: string): Buffer {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const pair = (a = '0', b = '0'): string => (Number(a) * 256 + Number(b)).toString(16);
  const text = dotted === null ? address : `${dotted[1]}${pair(dotted[2], dotted[3])}:${pair(dotted[4], dotted[5])}`;
  const [head = '', tail] = text.split('::');
  const groups = (part: string | undefined): string[] => (part === undefined || part === '' ? [] : part.split(':'));
  const [before, after] = [groups(head), groups(tail)];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  const bytes = Buffer.alloc(16);
  [...before, ...zeros, ...after].forEach((group, index) => bytes.writeUInt16BE(parseInt(group, 16), index * 2));
  return bytes;
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
