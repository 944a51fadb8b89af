import { type Driver, isCallFailure } from './driver.ts';
import { connectCarrier, listenCarrier } from './net-carrier.ts';
import { endsOf, streamOf } from './net-stream.ts';

/** TCP (RFC 9293). */
export const tcpDriver: Driver<'tcp'> = {
  async listen(config, handlers) {
    const { host, port, bind, backlog, tcp } = config;
    const { maxConnections } = config.limits;
    const listening = await listenCarrier(
      { target: { host, port, bind }, backlog, maxConnections, tcp, plain: true },
      { ...handlers, accepted: (socket) => handlers.accepted(streamOf(socket, endsOf(socket))) },
    );
    if (isCallFailure(listening)) return listening;
    const { local } = listening;
    return { ...listening, event: { kind: 'listening', local, backlog } };
  },

  async connect(config, { address, signal }) {
    const { localHost, localPort, connectTimeoutMs: timeoutMs, tcp } = config;
    const socket = await connectCarrier({ address, localHost, localPort, timeoutMs, signal, tcp, plain: true });
    return isCallFailure(socket) ? socket : streamOf(socket, endsOf(socket));
  },
};
