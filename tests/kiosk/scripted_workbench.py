"""The workbench as the kiosk sees it on the bus, led by a test."""

import threading
from pathlib import Path

import zmq

from station.bus import Publisher, Server
from station.messages import Done, WorkbenchCommand, WorkbenchState

_TURN_S = 0.05


class ScriptedWorkbench:
    """Publishes `state` on a thread of its own; a context manager. Commands of the kiosk are kept."""

    def __init__(self, runtime: Path) -> None:
        self.state = WorkbenchState()
        self.commands: list[WorkbenchCommand] = []
        self._runtime = runtime
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._play, daemon=True)

    def __enter__(self) -> "ScriptedWorkbench":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ending.set()
        self._thread.join()

    def _play(self) -> None:
        context = zmq.Context()
        publisher, server = Publisher(context, self._runtime, "workbench"), Server(context, self._runtime, "workbench")
        while not self._ending.is_set():
            publisher.send(self.state)
            asked = server.receive(_TURN_S)
            if asked is not None:
                self.commands.append(asked[1])
                server.reply(asked[0], self._answer(asked[1]))
        publisher.close()
        server.close()
        context.destroy(linger=0)

    def _answer(self, command: WorkbenchCommand) -> Done:
        if command.action == "examine":
            self.state = WorkbenchState(doing="examination", examined=(0, 20))
        return Done()
