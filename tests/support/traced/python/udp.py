"""Datagrams with sendto(), recvfrom(), and on a connected socket."""
import socket

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 0))
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.sendto(b"ping", server.getsockname())
data, address = server.recvfrom(100)
server.sendto(data + b"!", address)
client.recvfrom(100)
client.connect(server.getsockname())
client.send(b"connected")
server.recvfrom_into(bytearray(100))
client.close()
server.close()
