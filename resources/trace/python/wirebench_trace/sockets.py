"""Replaces the methods of `socket.socket` and the functions of `socket` by ones that report each call when it starts and when
it ends, and do nothing else differently."""

import _socket
import functools
import socket
import sys

from . import frames, ring
from .calls import NUMBERS

_frame = sys._getframe
_begin = ring.begin
_finish = ring.finish
_source = frames.source_of
_known = frames.known.get
_most = ring.max_bytes
_nothing = b""

_own = _socket.socket
_fileno = _own.fileno
_getsockname = _own.getsockname
_getpeername = _own.getpeername


def address_text(address):
    """Returns an address as `host:port`, `[host]:port` or the path of a Unix socket."""
    if type(address) is tuple and len(address) >= 2:
        host, port = address[0], address[1]
        host = host.decode("latin-1") if isinstance(host, (bytes, bytearray)) else str(host)
        return ("[%s]:%s" if ":" in host else "%s:%s") % (host, port)
    if isinstance(address, (bytes, bytearray)):
        return "@" + bytes(address).lstrip(b"\0").decode("utf-8", "replace")
    return str(address)


def _encoded(text):
    return text.encode("utf-8", "surrogateescape" if text.isprintable() else "replace")[:1024]


def _address(address):
    return _encoded(address_text(address)) if address else _nothing


def _local(sock):
    try:
        return _address(_getsockname(sock))
    except OSError:
        return _nothing


def failed(call, number, error):
    """Reports that a call raised `error`."""
    errno = getattr(error, "errno", None)
    if type(errno) is not int:
        errno = 0
    _finish(call, number, errno or -1, -1, _encoded("%s: %s" % (type(error).__name__, error)), _nothing)


def part(data, size):
    """Returns the reported part of `size` bytes at the start of a buffer, or nothing where it cannot be read."""
    if size > _most:
        size = _most
    if size <= 0:
        return _nothing
    try:
        if type(data) is bytes:
            return data if len(data) == size else data[:size]
        view = memoryview(data)
        return bytes((view if view.format == "B" and view.ndim == 1 else view.cast("B"))[:size])
    except (TypeError, ValueError, BufferError):
        return _nothing


def size_of(data):
    return data.nbytes if type(data) is memoryview else len(data) if hasattr(data, "__len__") else 0


def _receives(name, original):
    """A method that returns the received bytes: recv(size)."""
    call = NUMBERS[name]

    @functools.wraps(original)
    def traced(self, *args):
        frame = _frame(1)
        source = _known((id(frame.f_code), frame.f_lasti)) or _source(frame)
        number = _begin(call, _fileno(self), source, args[0] if args else 0, _nothing)
        try:
            data = original(self, *args)
        except BaseException as error:
            failed(call, number, error)
            raise
        size = len(data)
        _finish(call, number, 0, size, _nothing, data if size <= _most else data[:_most])
        return data

    return traced


def _receives_into(name, original):
    """A method that fills a buffer: recv_into(buffer)."""
    call = NUMBERS[name]

    @functools.wraps(original)
    def traced(self, *args, **kwargs):
        buffer = args[0] if args else kwargs.get("buffer", _nothing)
        asked = args[1] if len(args) > 1 else kwargs.get("nbytes", 0)
        number = _begin(call, _fileno(self), _source(_frame(1)), asked or size_of(buffer), _nothing)
        try:
            result = original(self, *args, **kwargs)
        except BaseException as error:
            failed(call, number, error)
            raise
        if type(result) is tuple:
            _finish(call, number, 0, result[0], _address(result[-1]), part(buffer, result[0]))
        else:
            _finish(call, number, 0, result, _nothing, part(buffer, result))
        return result

    return traced


def _receives_from(name, original):
    """A method that returns bytes and more, the address last: recvfrom(size), recvmsg(size)."""
    call = NUMBERS[name]

    @functools.wraps(original)
    def traced(self, *args, **kwargs):
        number = _begin(call, _fileno(self), _source(_frame(1)), args[0] if args else 0, _nothing)
        try:
            result = original(self, *args, **kwargs)
        except BaseException as error:
            failed(call, number, error)
            raise
        data = result[0]
        _finish(call, number, 0, len(data), _address(result[-1]), part(data, len(data)))
        return result

    return traced


def _receives_scattered(name, original):
    """recvmsg_into(buffers)."""
    call = NUMBERS[name]

    @functools.wraps(original)
    def traced(self, buffers, *args, **kwargs):
        buffers = list(buffers)
        number = _begin(call, _fileno(self), _source(_frame(1)), sum(map(size_of, buffers)), _nothing)
        try:
            result = original(self, buffers, *args, **kwargs)
        except BaseException as error:
            failed(call, number, error)
            raise
        left = min(result[0], _most)
        parts = []
        for buffer in buffers:
            parts.append(part(buffer, min(left, size_of(buffer))))
            left -= len(parts[-1])
        _finish(call, number, 0, result[0], _address(result[-1]), b"".join(parts))
        return result

    return traced


def _sends(name, original):
    """A method whose first argument is what is sent: send(data), sendall(data)."""
    call = NUMBERS[name]

    @functools.wraps(original)
    def traced(self, data, *args):
        asked = len(data) if type(data) is bytes else size_of(data)
        frame = _frame(1)
        source = _known((id(frame.f_code), frame.f_lasti)) or _source(frame)
        number = _begin(call, _fileno(self), source, asked, _nothing)
        try:
            result = original(self, data, *args)
        except BaseException as error:
            failed(call, number, error)
            raise
        sent = asked if result is None else result
        whole = type(data) is bytes and sent == asked <= _most
        _finish(call, number, 0, sent, _nothing, data if whole else part(data, sent))
        return result

    return traced


def _sends_to(name, original):
    """sendto(data[, flags], address)."""
    call = NUMBERS[name]

    @functools.wraps(original)
    def traced(self, data, *args):
        asked = size_of(data)
        number = _begin(call, _fileno(self), _source(_frame(1)), asked, _address(args[-1]) if args else _nothing)
        try:
            result = original(self, data, *args)
        except BaseException as error:
            failed(call, number, error)
            raise
        _finish(call, number, 0, result, _nothing, part(data, result))
        return result

    return traced


def _sends_gathered(name, original):
    """sendmsg(buffers[, ancillary[, flags[, address]]])."""
    call = NUMBERS[name]

    @functools.wraps(original)
    def traced(self, buffers, *args):
        buffers = list(buffers)
        to = _address(args[2]) if len(args) > 2 else _nothing
        number = _begin(call, _fileno(self), _source(_frame(1)), sum(map(size_of, buffers)), to)
        try:
            result = original(self, buffers, *args)
        except BaseException as error:
            failed(call, number, error)
            raise
        joined = b"".join(part(buffer, size_of(buffer)) for buffer in buffers)
        _finish(call, number, 0, result, _nothing, part(joined, min(result, len(joined))))
        return result

    return traced


def _accepts(name, original):
    call = NUMBERS["accept"]

    @functools.wraps(original)
    def traced(self):
        number = _begin(call, _fileno(self), _source(_frame(1)), 0, _nothing)
        try:
            result = original(self)
        except BaseException as error:
            failed(call, number, error)
            raise
        _finish(call, number, 0, result[0], _address(result[1]), _nothing)
        return result

    return traced


def _names(name, original):
    """A method that takes an address, after which the socket has a local one: bind, connect."""
    call = NUMBERS[name]

    @functools.wraps(original)
    def traced(self, *args):
        number = _begin(call, _fileno(self), _source(_frame(1)), 0, _address(args[0]) if args else _nothing)
        try:
            result = original(self, *args)
        except BlockingIOError as error:
            _finish(call, number, error.errno, -1, _local(self), _nothing)
            raise
        except BaseException as error:
            failed(call, number, error)
            raise
        _finish(call, number, result or 0, -1 if result else 0, _local(self), _nothing)
        return result

    return traced


def _plain(name, original):
    """Any other method: its arguments are reported as Python shows them."""
    call = NUMBERS[name]

    @functools.wraps(original)
    def traced(self, *args, **kwargs):
        first = args[0] if args and type(args[0]) is int else 0
        number = _begin(call, _fileno(self), _source(_frame(1)), first, _encoded(", ".join(map(_short, args))))
        try:
            result = original(self, *args, **kwargs)
        except BaseException as error:
            failed(call, number, error)
            raise
        if type(result) is int:
            _finish(call, number, 0, result, _nothing, _nothing)
        else:
            _finish(call, number, 0, 0, _nothing if result is None else _encoded(_shown(result)), _nothing)
        return result

    return traced


def _named(value):
    """Returns the name of a constant, such as AF_INET, or the number."""
    return getattr(value, "name", None) or str(int(value))


def _short(value):
    return repr(value) if len(repr(value)) <= 100 else type(value).__name__


def _shown(value):
    return address_text(value) if type(value) is tuple else _short(value)


def _creates(original):
    """socket(): without a descriptor it asks the system for one."""
    call = NUMBERS["socket"]

    @functools.wraps(original)
    def traced(self, family=-1, type=-1, proto=-1, fileno=None):
        if fileno is not None:
            return original(self, family, type, proto, fileno)
        source = _source(_frame(1))
        number = _begin(call, -1, source, 0, _encoded(", ".join(map(_named, (family, type, proto)))))
        try:
            original(self, family, type, proto, fileno)
        except BaseException as error:
            failed(call, number, error)
            raise
        text = ", ".join(map(_named, (self.family, self.type, self.proto)))
        _finish(call, number, 0, _fileno(self), _encoded(text), _nothing)

    return traced


def _closes(original):
    call = NUMBERS["close"]

    @functools.wraps(original)
    def traced(self, *args):
        descriptor = _fileno(self)
        if descriptor < 0:
            return original(self, *args)
        # The interpreter closes what the program left open, without a line of the program.
        caller = _frame(0).f_back
        number = _begin(call, descriptor, 0 if caller is None else _source(caller), 0, _nothing)
        try:
            result = original(self, *args)
        except BaseException as error:
            failed(call, number, error)
            raise
        _finish(call, number, 0, 0, _nothing, _nothing)
        return result

    return traced


def _function(name, original):
    """A function of the module: its arguments are reported as Python shows them."""
    call = NUMBERS[name]

    @functools.wraps(original)
    def traced(*args, **kwargs):
        text = _encoded(", ".join([_short(one) for one in args] + ["%s=%s" % (k, _short(v)) for k, v in kwargs.items()]))
        number = _begin(call, -1, _source(_frame(1)), 0, text)
        try:
            result = original(*args, **kwargs)
        except BaseException as error:
            failed(call, number, error)
            raise
        if name == "socketpair":
            text = b"%d, %d" % (result[0].fileno(), result[1].fileno())
        elif name == "getaddrinfo":
            text = _encoded(", ".join(dict.fromkeys(address_text(one[4]) for one in result)))
        else:
            text = _encoded(_shown(result))
        _finish(call, number, 0, 0, text, _nothing)
        return result

    return traced


_methods = {
    "_accept": _accepts,
    "bind": _names,
    "connect": _names,
    "connect_ex": _names,
    "send": _sends,
    "sendall": _sends,
    "sendto": _sends_to,
    "sendmsg": _sends_gathered,
    "recv": _receives,
    "recv_into": _receives_into,
    "recvfrom": _receives_from,
    "recvfrom_into": _receives_into,
    "recvmsg": _receives_from,
    "recvmsg_into": _receives_scattered,
    "listen": _plain,
    "shutdown": _plain,
    "detach": _plain,
    "setsockopt": _plain,
    "getsockopt": _plain,
    "getsockname": _plain,
    "getpeername": _plain,
    "settimeout": _plain,
    "setblocking": _plain,
}


def install():
    """Replaces the methods and functions."""
    replaced = socket.socket
    for name, build in _methods.items():
        original = getattr(replaced, name, None)
        if original is not None:
            setattr(replaced, name, build(name, original))
    replaced.__init__ = _creates(replaced.__init__)
    replaced._real_close = _closes(replaced._real_close)
    if hasattr(_own, "__del__"):
        replaced.__del__ = _closes(_own.__del__)
    for name in ("getaddrinfo", "gethostbyname", "getnameinfo", "socketpair"):
        if hasattr(socket, name):
            setattr(socket, name, _function(name, getattr(socket, name)))
    frames.hide_tracer()
