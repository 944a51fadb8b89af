import { ciscoHdlc } from './ethernet.ts';
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
