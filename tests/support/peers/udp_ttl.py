"""Prints its port, then of each datagram that comes to 127.0.0.1 the TTL it arrived with."""

import socket
import struct

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
    # Python 3.11 has no name for IP_RECVTTL; it is 12 on Linux (ip(7)).
    server.setsockopt(socket.IPPROTO_IP, 12, 1)
    server.bind(("127.0.0.1", 0))
    print(server.getsockname()[1], flush=True)
    while True:
        _, ancillary, _, _ = server.recvmsg(65535, socket.CMSG_SPACE(4))
        print(struct.unpack("i", ancillary[0][2])[0], flush=True)
