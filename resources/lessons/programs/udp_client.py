# Sends one datagram and waits at most two seconds for the answer.
import socket

client_socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client_socket.settimeout(2)
client_socket.sendto(b"Hello, server!", ('127.0.0.1', 12345))
try:
    data, server_address = client_socket.recvfrom(1024)
    print("Response from server:", data.decode())
except TimeoutError:
    print("No answer: a datagram can be lost, or nobody is there.")
client_socket.close()
