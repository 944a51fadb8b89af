"""The course's server: accepts one client, prints what it sent, answers, closes. Arguments: [HOST [PORT]]."""

import socket
import sys

host = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 0

family = socket.AF_INET6 if ":" in host else socket.AF_INET
server_socket = socket.socket(family, socket.SOCK_STREAM)
server_socket.settimeout(60)
server_socket.bind((host, port))
server_socket.listen(5)
print(server_socket.getsockname()[1], flush=True)

client_socket, client_address = server_socket.accept()
client_socket.settimeout(60)
data = client_socket.recv(1024)
print(f"Received: {data.decode()}", flush=True)
client_socket.sendall("Message received!".encode())
client_socket.close()
server_socket.close()
