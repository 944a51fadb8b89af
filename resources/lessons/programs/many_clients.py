# Connects three clients before the first one sends anything.
import socket

clients = []
for name in ("Ada", "Grace", "Alan"):
    client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    client.connect(('127.0.0.1', 12345))
    clients.append((name, client))

for name, client in clients:
    client.send(name.encode())
    print(client.recv(1024).decode())
    client.close()
