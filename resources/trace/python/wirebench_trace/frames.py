"""Finds the line of the program that made a call: the innermost frame that belongs neither to the tracer nor to Python's own
library."""

import os
import sys

from . import ring

_tracer = os.path.dirname(os.path.abspath(__file__)) + os.sep
_library = os.path.dirname(os.path.abspath(os.__file__)) + os.sep
_packages = tuple(_library + name + os.sep for name in ("site-packages", "dist-packages"))
_folder = os.getcwd()

_is_program = {}

#: The numbers of the lines that were reported, by the id of their code and the place in it: the hash of the code itself is slow.
known = {}

#: The code of these lines. It is kept, so that no other code gets its id.
_codes = {}


def _belongs_to_program(code):
    """Returns whether the program, not a library, has the code."""
    name = code.co_filename
    known = _is_program.get(name)
    if known is None:
        inside = name.startswith((_tracer, _library, "<frozen")) and not name.startswith(_packages)
        known = _is_program[name] = not inside
    return known


def source_of(frame):
    """Returns the number of the source line that `frame`, a frame that called the tracer, works for. 0: not known."""
    found = frame
    while not _belongs_to_program(found.f_code):
        found = found.f_back
        if found is None:
            found = frame
            break
    key = (id(found.f_code), found.f_lasti)
    number = known.get(key)
    if number is None:
        number = known[key] = len(known) + 1
        _codes[id(found.f_code)] = found.f_code
        path = os.path.join(_folder, found.f_code.co_filename)
        ring.put_source(number, found.f_lineno or 0, os.fsencode(path))
    return number


# A child process has its own channel, which contains none of these lines.
ring.in_child.append(known.clear)


def without_tracer(trace):
    """Returns a traceback without the frames of the tracer, which are none of the program's business."""
    first = last = None
    while trace is not None:
        if not trace.tb_frame.f_code.co_filename.startswith(_tracer):
            if last is None:
                first = trace
            else:
                last.tb_next = trace
            last = trace
        trace = trace.tb_next
    if last is not None:
        last.tb_next = None
    return first


def hide_tracer():
    """Leaves the tracer's frames out of the tracebacks that Python prints for exceptions that nothing caught."""
    original = sys.excepthook

    def excepthook(kind, value, trace):
        shorter = without_tracer(trace)
        if value is not None:
            value = value.with_traceback(shorter)
        original(kind, value, shorter)

    sys.excepthook = excepthook
