# Listens on IPv4 and on IPv6, and serves one client on each.
import socket

servers = []
for family, address in ((socket.AF_INET, '127.0.0.1'), (socket.AF_INET6, '::1')):
    server = socket.socket(family, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((address, 12345))
    server.listen(5)
    servers.append(server)
print("Listening on 127.0.0.1:12345 and [::1]:12345")

for server in servers:
    client_socket, client_address = server.accept()
    client_socket.send(f"Your address is {client_address[0]}".encode())
    client_socket.close()
    server.close()
