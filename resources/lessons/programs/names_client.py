# Connects with IPv4, then with IPv6, and looks up a name.
import socket

for family, kind, protocol, _, address in socket.getaddrinfo('localhost', 12345, type=socket.SOCK_STREAM):
    print("localhost is", address[0])

for family, address in ((socket.AF_INET, '127.0.0.1'), (socket.AF_INET6, '::1')):
    client_socket = socket.socket(family, socket.SOCK_STREAM)
    client_socket.connect((address, 12345))
    print(client_socket.recv(1024).decode())
    client_socket.close()
