"""Accepts one client and sends it each line of its standard input, without the line feed. Prints its port.

Escapes of Python string literals stand for bytes. An empty line closes the connection; the input's end as well.
"""

import socket
import sys

server_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server_socket.settimeout(60)
server_socket.bind(("127.0.0.1", 0))
server_socket.listen(5)
print(server_socket.getsockname()[1], flush=True)

client_socket, client_address = server_socket.accept()
client_socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
print("accepted", flush=True)
for line in sys.stdin:
    text = line.rstrip("\n")
    if not text:
        break
    client_socket.sendall(text.encode().decode("unicode_escape").encode("latin-1"))
client_socket.close()
server_socket.close()
