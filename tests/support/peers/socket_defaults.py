"""Prints as JSON what fresh sockets have where nothing is set (getsockopt(2), Linux)."""

import json
import socket
import struct

tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
linger, _ = struct.unpack("ii", tcp.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8))
print(
    json.dumps(
        {
            "keepAlive": tcp.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE),
            "keepIdle": tcp.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE),
            "keepInterval": tcp.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL),
            "keepCount": tcp.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT),
            "noDelay": tcp.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY),
            "reusePort": tcp.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT),
            "linger": linger,
            "tcpReceive": tcp.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF),
            "tcpSend": tcp.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF),
            "udpReceive": udp.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF),
            "udpSend": udp.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF),
            "typeOfService": tcp.getsockopt(socket.IPPROTO_IP, socket.IP_TOS),
            "ttl": udp.getsockopt(socket.IPPROTO_IP, socket.IP_TTL),
            "multicastTtl": udp.getsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL),
            "multicastLoopback": udp.getsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP),
            "broadcast": udp.getsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST),
        }
    ),
    flush=True,
)
