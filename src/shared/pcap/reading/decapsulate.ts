import type { Fragments } from './fragments.ts';
import { type IpPacket, readIp } from './ip.ts';
import { encapsulationOf, ipVersionOf, otherOf } from './layers/catalogue.ts';
import { type Inner, type NumberSpace, notUnderstood, type Other } from './layers/layer.ts';
import type { CapturedPacket } from './packet.ts';
import { readUdp, tcpProtocol, udpProtocol } from './transport.ts';

/** A packet with more nested headers is refused. */
const maxHeaders = 32;
const tooDeep = notUnderstood(`packets with more than ${maxHeaders} nested headers`);

/**
 * Finds the IP packet with TCP or UDP in a captured frame, inside any link layers and tunnels (https://www.tcpdump.org/linktypes.html).
 * Accepts any bytes. Returns `undefined` while fragments of the packet are missing, or a description of a frame that contains neither or is
 * not understood.
 */
export function decapsulate(packet: CapturedPacket, fragments: Fragments): IpPacket | Other | undefined {
  const { linkType, data: bytes, originalLength: length } = packet;
  let layer: Inner = { kind: 'inner', space: 'link', number: linkType, bytes, length };
  for (let headers = 0; headers < maxHeaders; headers += 1) {
    const version = ipVersionOf(layer.space, layer.number);
    if (version === undefined) {
      const next = openLayer(layer);
      if (next.kind === 'other') return next;
      layer = next;
      continue;
    }
    const ip = readIp(layer.bytes, 0, version, layer.length);
    if (typeof ip === 'string') return notUnderstood(ip);
    const whole = ip.fragment ? fragments.take(ip) : ip;
    if (whole === undefined) return undefined;
    const next = contentOf(whole);
    if (next === undefined) return whole;
    if (next.kind === 'other') return next;
    layer = next;
  }
  return tooDeep;
}

/** Returns the packet inside an IP packet; `undefined` for TCP and for an ordinary datagram. */
function contentOf(ip: IpPacket): Inner | Other | undefined {
  if (ip.protocol === tcpProtocol) return undefined;
  if (ip.protocol === udpProtocol) return tunnelOf(ip);
  return { kind: 'inner', space: 'ipProtocol', number: ip.protocol, bytes: ip.payload, length: ip.length };
}

function openLayer({ space, number, bytes, length }: Inner): Inner | Other {
  return encapsulationOf(space, number)?.open(bytes, length) ?? otherOf(space, number);
}

const udpPort: NumberSpace = 'udpPort';

/** Returns the content of a tunnel over UDP; `undefined` for an ordinary datagram. */
function tunnelOf(ip: IpPacket): Inner | Other | undefined {
  const datagram = readUdp(ip);
  if (datagram === undefined) return undefined;
  const { sourcePort, destinationPort, payload, length } = datagram;
  const kind = encapsulationOf(udpPort, destinationPort) ?? encapsulationOf(udpPort, sourcePort);
  const found = kind?.open(payload, length);
  // A tunnel with unknown content is kept as a datagram, so that its bytes are shown.
  return found?.kind === 'inner' && canOpen(found) ? found : undefined;
}

function canOpen({ space, number, bytes, length }: Inner): boolean {
  if (ipVersionOf(space, number) !== undefined) return true;
  const within = encapsulationOf(space, number)?.open(bytes, length);
  return (
    within?.kind === 'inner' &&
    (ipVersionOf(within.space, within.number) ?? encapsulationOf(within.space, within.number)) !== undefined
  );
}
