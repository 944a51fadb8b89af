"""The course's client: connects, sends one message, prints the answer, closes. Arguments: HOST PORT [MESSAGE]."""

import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
message = sys.argv[3] if len(sys.argv) > 3 else "Hello, server!"

family = socket.AF_INET6 if ":" in host else socket.AF_INET
client_socket = socket.socket(family, socket.SOCK_STREAM)
client_socket.settimeout(60)
client_socket.connect((host, port))
client_socket.sendall(message.encode())
response = client_socket.recv(1024)
print(f"Response from server: {response.decode()}", flush=True)
client_socket.close()
