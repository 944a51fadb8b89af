import type { Fragments } from './fragments.ts';
import { type IpPacket, readIp } from './ip.ts';
import { encapsulationOf, ipVersionOf, otherOf } from './layers/catalogue.ts';
import { type Inner, type NumberSpace, notUnderstood, type Other } from './layers/layer.ts';
import type { CapturedPacket } from './packet.ts';
import { readUdp, tcpProtocol, udpProtocol } from './transport.ts';

/** A packet within more headers is not believed. */
const maxHeaders = 32;
const tooDeep = notUnderstood(`packets within more than ${maxHeaders} headers`);

/**
 * Finds the IP packet that holds TCP or UDP in a captured frame, through whatever link layers and tunnels are around it
 * (https://www.tcpdump.org/linktypes.html). Takes any bytes. Gives `undefined` where the rest of a fragmented packet is
 * still to come, and in words what the frame is where it holds neither or is not understood.
 */
export function decapsulate(packet: CapturedPacket, fragments: Fragments): IpPacket | Other | undefined {
  const { linkType, data: bytes, originalLength: length } = packet;
  let layer: Inner = { kind: 'inner', space: 'link', number: linkType, bytes, length };
  for (let headers = 0; headers < maxHeaders; headers += 1) {
    const version = ipVersionOf(layer.space, layer.number);
    let next: Inner | Other | undefined;
    if (version === undefined) {
      next = openLayer(layer);
    } else {
      const ip = readIp(layer.bytes, 0, version, layer.length);
      if (typeof ip === 'string') return notUnderstood(ip);
      const whole = ip.fragment ? fragments.take(ip) : ip;
      if (whole === undefined || whole.protocol === tcpProtocol) return whole;
      if (whole.protocol === udpProtocol) {
        next = tunnelOf(whole);
        if (next === undefined) return whole;
      } else {
        next = {
          kind: 'inner',
          space: 'ipProtocol',
          number: whole.protocol,
          bytes: whole.payload,
          length: whole.length,
        };
      }
    }
    if (next.kind === 'other') return next;
    layer = next;
  }
  return tooDeep;
}

function openLayer({ space, number, bytes, length }: Inner): Inner | Other {
  return encapsulationOf(space, number)?.open(bytes, length) ?? otherOf(space, number);
}

const udpPort: NumberSpace = 'udpPort';

/** What a tunnel over UDP holds; `undefined` where the datagram is an ordinary one. */
function tunnelOf(ip: IpPacket): Inner | Other | undefined {
  const datagram = readUdp(ip);
  if (datagram === undefined) return undefined;
  const { sourcePort, destinationPort, payload, length } = datagram;
  const kind = encapsulationOf(udpPort, destinationPort) ?? encapsulationOf(udpPort, sourcePort);
  const found = kind?.open(payload, length);
  // What is not seen through stays a datagram: its bytes are shown at least.
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
