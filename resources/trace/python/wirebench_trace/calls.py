"""The calls that are traced, by the number that they have in a record."""

NAMES = (
    "socket", "bind", "listen", "accept", "connect", "connect_ex", "send", "sendall", "sendto", "sendmsg", "sendfile",
    "recv", "recv_into", "recvfrom", "recvfrom_into", "recvmsg", "recvmsg_into", "shutdown", "close", "detach",
    "setsockopt", "getsockopt", "getsockname", "getpeername", "settimeout", "setblocking", "socketpair", "dup",
    "getaddrinfo", "gethostbyname", "getnameinfo", "select", "poll", "epoll_wait", "kevent", "do_handshake", "unwrap",
)

NUMBERS = {name: number for number, name in enumerate(NAMES, 1)}
