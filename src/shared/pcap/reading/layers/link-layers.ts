import {
  type Encapsulation,
  hex16,
  holdsNeither,
  type Inner,
  inner,
  notUnderstood,
  type Other,
  tooShort,
  uint16,
} from './layer.ts';

/** Smaller values in the place of an EtherType are a length (IEEE 802.3). */
const leastEtherType = 0x0600;

/** Ethernet frames, also within GRE ("transparent Ethernet bridging", RFC 1701). */
export const ethernet: Encapsulation = {
  name: 'Ethernet',
  numbers: { link: [1], etherType: [0x6558] },
  open: (bytes, length) => behindType(bytes, length, 12, 14),
};

/** VLAN tags: IEEE 802.1Q, 802.1ad (QinQ) and their predecessor. */
export const vlan: Encapsulation = {
  name: 'VLAN tag',
  numbers: { etherType: [0x8100, 0x88a8, 0x9100, 0x9200] },
  open: (bytes, length) => behindType(bytes, length, 2, 4),
};

/** Cisco FabricPath: a tag and the frame that it carries. */
export const fabricPath: Encapsulation = {
  name: 'FabricPath',
  numbers: { etherType: [0x8903] },
  open: (bytes, length) => inner('link', 1, bytes, length, 2),
};

/** Linux cooked captures. Their EtherType may be a number of Linux: 4 is IEEE 802.2. */
export const linuxCooked: Encapsulation = {
  name: 'Linux cooked',
  numbers: { link: [113] },
  open: (bytes, length) => cooked(bytes, length, 14, 16),
};

/** Linux cooked captures, version 2. */
export const linuxCooked2: Encapsulation = {
  name: 'Linux cooked 2',
  numbers: { link: [276] },
  open: (bytes, length) => cooked(bytes, length, 0, 20),
};

/** Cisco HDLC. */
export const ciscoHdlc: Encapsulation = {
  name: 'Cisco HDLC',
  numbers: { link: [104] },
  open: (bytes, length) => behindType(bytes, length, 2, 4),
};

/** IP over InfiniBand (RFC 4391, section 6), after the global route header that captures have. */
export const ipOverInfiniBand: Encapsulation = {
  name: 'IPoIB',
  numbers: { link: [242] },
  open: (bytes, length) => behindType(bytes, length, 40, 44),
};

/** EtherIP: RFC 3378. */
export const etherIp: Encapsulation = {
  name: 'EtherIP',
  numbers: { ipProtocol: [97] },
  open: (bytes, length) => inner('link', 1, bytes, length, 2),
};

function behindType(bytes: Uint8Array, length: number, at: number, next: number): Inner | Other {
  const type = uint16(bytes, at);
  if (type === undefined) return tooShort;
  if (type >= leastEtherType) return inner('etherType', type, bytes, length, next);
  return openLlc(bytes.subarray(next), Math.max(0, Math.min(type, length - next)));
}

function cooked(bytes: Uint8Array, length: number, at: number, next: number): Inner | Other {
  const type = uint16(bytes, at);
  if (type === undefined) return tooShort;
  if (type >= leastEtherType) return inner('etherType', type, bytes, length, next);
  if (type === 4) return openLlc(bytes.subarray(next), Math.max(0, length - next));
  return type === 1 ? ipx : notUnderstood(`Linux cooked packets of protocol ${hex16(type)}`);
}

const ipx = holdsNeither('IPX packets');
const snap = 0xaa;
const unnumbered = 3;
/** By their destination service access point. */
const llcNames: Readonly<Record<number, string>> = { 66: 'spanning tree', 224: 'IPX', 240: 'NetBIOS', 254: 'OSI' };

/** IEEE 802.2 headers, followed by the EtherType of SNAP (RFC 1042) or by IP. */
function openLlc(bytes: Uint8Array, length: number): Inner | Other {
  const [destination, source, control] = bytes;
  if (destination === undefined || source === undefined || control === undefined) return tooShort;
  if (destination === 0xff && source === 0xff) return ipx;
  if (destination === snap && source === snap && control === unnumbered) {
    const type = uint16(bytes, 6);
    if (type === undefined) return tooShort;
    const organization = ((bytes[3] ?? 0) << 16) | ((bytes[4] ?? 0) << 8) | (bytes[5] ?? 0);
    // RFC 1042, and the number that bridges use for tunnelled EtherTypes (0x0000f8).
    if (organization === 0 || organization === 0xf8) return inner('etherType', type, bytes, length, 8);
    return holdsNeither(`SNAP packets of organization 0x${organization.toString(16).padStart(6, '0')}`);
  }
  if (destination === 6 && control === unnumbered) return inner('etherType', 0x0800, bytes, length, 3);
  const name = llcNames[destination];
  return name === undefined ? notUnderstood('IEEE 802.3 frames of unknown kind') : holdsNeither(`${name} frames`);
}

/** The first bytes of Cisco HDLC, unicast and broadcast: captures of serial lines may have it under the number of PPP. */
const ciscoAddresses: ReadonlySet<number | undefined> = new Set([0x0f, 0x8f]);

/** PPP in HDLC-like framing (RFC 1662), also inside GRE (RFC 2637). Address and control may be left out. */
export const ppp: Encapsulation = {
  name: 'PPP',
  numbers: { link: [9, 50], etherType: [0x880b] },
  open(bytes, length) {
    if (ciscoAddresses.has(bytes[0])) return ciscoHdlc.open(bytes, length);
    const hasAddress = bytes[0] === 0xff && bytes[1] === 0x03;
    return behindProtocol(bytes, length, hasAddress ? 2 : 0);
  },
};

const sessionHeader = 6;
const versionAndType = 0x11;

/** PPPoE sessions: RFC 2516. */
export const pppoe: Encapsulation = {
  name: 'PPPoE',
  numbers: { link: [51], etherType: [0x8864] },
  open(bytes, length) {
    const said = uint16(bytes, 4);
    if (said === undefined) return tooShort;
    if (bytes[0] !== versionAndType) return notUnderstood('PPPoE packets of unknown version');
    if (bytes[1] !== 0) return holdsNeither('PPPoE discovery packets');
    // Short frames are padded after the length that PPPoE gives.
    const end = Math.min(length, sessionHeader + said);
    return behindProtocol(bytes.subarray(0, end), end, sessionHeader);
  },
};

/** Protocols that only control a link. */
const controlNames: Readonly<Record<number, string>> = {
  32801: 'IPCP',
  32855: 'IPv6CP',
  33021: 'CCP',
  49185: 'LCP',
  49187: 'PAP',
  49699: 'CHAP',
};
const known: ReadonlySet<number> = new Set([0x21, 0x57, 0x281, 0x283]);

/** Reads the protocol at byte `at`: two bytes, or one if that is odd (RFC 1661, section 6.5). */
function behindProtocol(bytes: Uint8Array, length: number, at: number): Inner | Other {
  const first = bytes[at];
  if (first === undefined) return tooShort;
  const isShort = (first & 1) === 1;
  const protocol = isShort ? first : uint16(bytes, at);
  if (protocol === undefined) return tooShort;
  if (known.has(protocol)) return inner('ppp', protocol, bytes, length, at + (isShort ? 1 : 2));
  const name = controlNames[protocol];
  return name === undefined
    ? notUnderstood(`PPP packets of protocol ${hex16(protocol)}`)
    : holdsNeither(`${name} packets`);
}
