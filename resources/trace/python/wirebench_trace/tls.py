"""Reports the calls of `ssl`: the handshake, the plain bytes that are sent and received, and the end of TLS. They are marked as
calls of TLS. `ssl.SSLSocket` has the library of TLS call the system, so that the encrypted bytes are not seen; `ssl.SSLObject`,
on which asyncio works, leaves that to its program, whose calls are reported as well."""

import functools
import ssl
import sys

from . import frames, ring
from .calls import NUMBERS
from .sockets import failed, part, size_of

#: Marks the number of a call as one of TLS.
TLS = 0x80

#: The descriptor of the connection for which asyncio makes an object of TLS.
_connection = -1


def _descriptor(tls):
    """Returns the descriptor of a socket or an object of TLS. -1: not known."""
    try:
        return tls.fileno() if isinstance(tls, ssl.SSLSocket) else getattr(tls, "_wirebench_descriptor", -1)
    except OSError:
        return -1


def _reports(name, original, amount_of, payload_of):
    """A method of TLS. `amount_of` returns the number of bytes of its arguments, `payload_of` the bytes of its result."""
    call = NUMBERS[name] | TLS

    @functools.wraps(original)
    def traced(self, *args, **kwargs):
        if self._sslobj is None:
            return original(self, *args, **kwargs)
        source = frames.source_of(sys._getframe(1))
        number = ring.begin(call, _descriptor(self), source, amount_of(*args, **kwargs), b"")
        try:
            result = original(self, *args, **kwargs)
        except BaseException as error:
            failed(call, number, error)
            raise
        size, data = payload_of(result, *args, **kwargs)
        ring.finish(call, number, 0, size, b"", data)
        return result

    return traced


def _read_amount(len=1024, buffer=None):
    return len or size_of(buffer)


def _read_payload(result, len=1024, buffer=None):
    if buffer is None:
        return size_of(result), part(result, size_of(result))
    return result, part(buffer, result)


def _write_amount(data, *flags):
    return size_of(data)


def _write_payload(result, data, *flags):
    return result, part(data, result)


def _no_amount(*args, **kwargs):
    return 0


def _no_payload(result, *args, **kwargs):
    return 0, b""


def _remember_connections():
    """Gives the objects of TLS that asyncio makes the descriptor of their connection."""
    create = ssl.SSLObject._create.__func__

    @functools.wraps(create)
    def traced_create(cls, *args, **kwargs):
        made = create(cls, *args, **kwargs)
        made._wirebench_descriptor = _connection
        return made

    ssl.SSLObject._create = classmethod(traced_create)


def watch_asyncio(sslproto):
    """Wraps the start of the handshake in asyncio's module."""
    original = sslproto.SSLProtocol._start_handshake

    @functools.wraps(original)
    def traced(self):
        global _connection
        own = self._transport.get_extra_info("socket") if self._transport else None
        _connection = own.fileno() if own is not None else -1
        # Made with the protocol since Python 3.11, and with the handshake before that.
        made = getattr(self, "_sslobj", None)
        if made is not None:
            made._wirebench_descriptor = _connection
        try:
            return original(self)
        finally:
            _connection = -1

    sslproto.SSLProtocol._start_handshake = traced


def install():
    """Replaces the methods of `ssl`."""
    for owner in (ssl.SSLSocket, ssl.SSLObject):
        for name, method, amount_of, payload_of in (
            ("do_handshake", "do_handshake", _no_amount, _no_payload),
            ("recv", "read", _read_amount, _read_payload),
            ("send", "write", _write_amount, _write_payload),
            ("unwrap", "unwrap", _no_amount, _no_payload),
        ):
            setattr(owner, method, _reports(name, getattr(owner, method), amount_of, payload_of))
    # Unlike the others, this does not call write().
    ssl.SSLSocket.send = _reports("send", ssl.SSLSocket.send, _write_amount, _write_payload)
    _remember_connections()
