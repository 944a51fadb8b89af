# Sends, says that nothing more follows, and reads the answer.
import socket

client_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client_socket.connect(('127.0.0.1', 12345))
client_socket.sendall(b"Hello, server!")
client_socket.shutdown(socket.SHUT_WR)
print(client_socket.recv(1024).decode())
client_socket.close()
