# SPDX-License-Identifier: BSD-3-Clause
"""A small QMP client, and what two emulators' sessions must have in common: the shape of answers and events."""
import json
import select
import socket
import subprocess
import time


class Client:
    """One connection. Whatever comes in is an event or the answer to the last command."""

    def __init__(self, path, patience=30):
        self.patience = patience
        self.events = []
        self.buffer = b''
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)

    def line(self):
        """The next line, or None at the end."""
        while b'\n' not in self.buffer:
            if not select.select([self.socket], [], [], self.patience)[0]:
                raise TimeoutError('no answer')
            try:
                chunk = self.socket.recv(65536)
            except ConnectionResetError:
                chunk = b''
            if not chunk:
                return None
            self.buffer += chunk
        line, self.buffer = self.buffer.split(b'\n', 1)
        return json.loads(line)

    def answer(self):
        while True:
            line = self.line()
            if line is None or 'event' not in line:
                return line
            self.events.append(line)

    def send(self, raw):
        self.socket.sendall(raw)

    def raw(self, raw):
        self.send(raw + b'\n')
        return self.answer()

    def ask(self, command, **arguments):
        request = {'execute': command}
        if arguments:
            request['arguments'] = {name.replace('_', '-'): value for name, value in arguments.items()}
        return self.raw(json.dumps(request).encode())

    def wait_for(self, name):
        """The first event of that name that nobody has waited for yet, or None at the end."""
        while True:
            for event in self.events:
                if event['event'] == name:
                    self.events.remove(event)
                    return event
            line = self.line()
            if line is None:
                return None
            self.events.append(line)

    def rest(self):
        """All events until the other side hangs up."""
        while True:
            line = self.line()
            if line is None:
                return self.events
            self.events.append(line)

    def close(self):
        self.socket.close()


class Emulator:
    """A process with QMP on a socket of its own."""

    def __init__(self, command, directory, name, arguments):
        self.path = f'{directory}/{name}.qmp'
        self.process = subprocess.Popen(
            [*command, '-qmp', f'unix:{self.path},server=on,wait=off', *arguments], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def client(self):
        for _ in range(600):
            try:
                return Client(self.path)
            except (FileNotFoundError, ConnectionRefusedError):
                if self.process.poll() is not None:
                    raise RuntimeError(self.process.stderr.read().decode())
                time.sleep(0.05)
        raise TimeoutError(self.path)

    def end(self):
        self.process.kill()
        self.process.communicate()

    def status(self):
        self.process.communicate(timeout=60)
        return self.process.returncode


def shape(value):
    """Keys and types; of a list, the shapes of its elements merged; of an error, its class."""
    if isinstance(value, dict):
        return {key: shape(member) for key, member in value.items()}
    if isinstance(value, list):
        merged = None
        for element in value:
            merged = shape(element) if merged is None else merge(merged, shape(element))
        return [merged]
    return type(value).__name__


def merge(a, b):
    if isinstance(a, dict) and isinstance(b, dict):
        return {key: merge(a[key], b[key]) for key in a if key in b}
    return a if a == b else None


def differences(reference, ours, at=''):
    """What `ours` lacks of `reference`, has besides, or has of another type. Empty lists fit any list."""
    if reference is None or ours is None:
        return
    if type(reference) is not type(ours):
        yield f'{at}: {reference} there, {ours} here'
    elif isinstance(reference, dict):
        for key in sorted(reference.keys() | ours.keys()):
            if key not in ours:
                yield f'{at}.{key}: not here'
            elif key not in reference:
                yield f'{at}.{key}: only here'
            else:
                yield from differences(reference[key], ours[key], f'{at}.{key}')
    elif isinstance(reference, list):
        yield from differences(reference[0], ours[0], f'{at}[]')
    elif reference != ours:
        yield f'{at}: {reference} there, {ours} here'
