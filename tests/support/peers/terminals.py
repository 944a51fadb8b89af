"""Runs commands on terminals, one after the other.

Each line of its standard input is a JSON list: the folder of the app's data, and a command with its arguments. Prints what
the command wrote to its terminal, in base64, when it has ended.
"""

import base64
import json
import os
import pty
import sys


def output_of(home, command):
    child, terminal = pty.fork()
    if child == 0:
        os.execve(command[0], command, {**os.environ, "WIREBENCH_HOME": home})
    written = bytearray()
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:
            # Linux: nobody has the other side open any more.
            break
        if not part:
            break
        written += part
    os.close(terminal)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status < 0:
        sys.exit(f"{command} was ended by signal {-status}")
    return bytes(written)


for line in sys.stdin:
    home, *command = json.loads(line)
    print(base64.b64encode(output_of(home, command)).decode(), flush=True)
