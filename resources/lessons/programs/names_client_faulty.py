# Faulty: an IPv4 socket cannot connect to an IPv6 address.
import socket

client_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client_socket.connect(('::1', 12345))
