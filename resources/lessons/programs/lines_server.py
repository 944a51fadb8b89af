# Collects bytes until a line is complete, and answers each line with DONE.
import socket

server_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server_socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server_socket.bind(('127.0.0.1', 12345))
server_socket.listen(5)
print("Listening on 127.0.0.1:12345")

client_socket, client_address = server_socket.accept()
waiting = b""
while True:
    data = client_socket.recv(8)
    if data == b"":
        break
    waiting += data
    while b"\n" in waiting:
        line, waiting = waiting.split(b"\n", 1)
        print("Line:", line.decode())
        client_socket.sendall(b"DONE\n")
client_socket.close()
server_socket.close()
