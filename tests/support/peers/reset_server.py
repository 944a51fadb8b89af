"""Accepts one client and resets the connection after 1024 bytes, while the client still sends. Prints its port."""

import socket
import struct

server_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server_socket.settimeout(60)
server_socket.bind(("127.0.0.1", 0))
server_socket.listen(5)
print(server_socket.getsockname()[1], flush=True)

client_socket, client_address = server_socket.accept()
client_socket.settimeout(60)
client_socket.recv(1024)
client_socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
client_socket.close()
server_socket.close()
