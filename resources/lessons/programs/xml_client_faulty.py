# Faulty: the & in the text is not escaped, so this is not XML.
import socket

client_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client_socket.connect(('127.0.0.1', 12345))
client_socket.send(b"<order><item>Salt & pepper</item></order>")
print(client_socket.recv(1024).decode())
client_socket.close()
