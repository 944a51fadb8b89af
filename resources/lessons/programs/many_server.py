# Serves one client after another, three in all.
import socket

server_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server_socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server_socket.bind(('127.0.0.1', 12345))
server_socket.listen(5)
print("Listening on 127.0.0.1:12345")

for number in range(3):
    client_socket, client_address = server_socket.accept()
    name = client_socket.recv(1024).decode()
    client_socket.send(f"Hello, {name}!".encode())
    client_socket.close()

server_socket.close()
