# Faulty: sends to another port, and waits for an answer that never comes.
import socket

client_socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client_socket.settimeout(2)
client_socket.sendto(b"Hello, server!", ('127.0.0.1', 12346))
try:
    print(client_socket.recvfrom(1024))
except TimeoutError:
    print("No answer after two seconds.")
client_socket.close()
