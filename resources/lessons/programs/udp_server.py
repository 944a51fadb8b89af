# Answers one datagram.
import socket

server_socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server_socket.bind(('127.0.0.1', 12345))
print("Bound to 127.0.0.1:12345")
data, client_address = server_socket.recvfrom(1024)
server_socket.sendto(b"Message received!", client_address)
server_socket.close()
