"""Loads a JSON document and sends it to one client. Arguments: FILE [PORT]. Prints its port, then what it was sent."""

import json
import socket
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    document = json.load(file)
port = int(sys.argv[2]) if len(sys.argv) > 2 else 0

server_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server_socket.settimeout(60)
server_socket.bind(("127.0.0.1", port))
server_socket.listen(5)
print(server_socket.getsockname()[1], flush=True)

client_socket, client_address = server_socket.accept()
client_socket.settimeout(60)
client_socket.sendall(json.dumps(document).encode())
client_socket.shutdown(socket.SHUT_WR)
received = b""
while chunk := client_socket.recv(4096):
    received += chunk
print(received.decode(), flush=True)
client_socket.close()
server_socket.close()
