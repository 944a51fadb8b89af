# Sends one line and waits until the server has answered it.
import socket

client_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client_socket.connect(('127.0.0.1', 12345))
client_socket.sendall(b"Hello, server!\n")
print(client_socket.recv(1024).decode())
client_socket.close()
