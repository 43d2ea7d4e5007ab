"""
A caller: performs one action after another, knows the expected result of each, and checks
whether the server agrees.
"""
import threading

from client import Lost
from looks import Looks
from model import Model
from resources import Resources
from streams import Streams

# The number of streams after which a caller resets, so that all events of all callers are
# kept.
MOST_STREAMS = 500
# The seconds ahead after which it resets, so that no past stream is deleted.
MOST_AHEAD = 50 * 24 * 3600


class Caller(Resources, Streams, Looks):
    def __init__(self, number, seed, server, gate, stop):
        super().__init__(number, seed, server)
        self.gate, self.stop = gate, stop
        self.saved = Model()  # as it was when the snapshot was saved
        self.problem = None
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self):
        while not self.stop.is_set():
            with self.gate:
                try:
                    self.act()
                except Lost:  # while only checking
                    self.until_certain(lambda: None)
                except Exception as problem:  # pylint: disable=broad-except
                    self.problem = problem
                    self.stop.set()

    def act(self):
        actions, weights = zip(*ACTIONS)
        action = self.random.choices(actions, weights)[0]
        if self.model.told["Stream Start"] > MOST_STREAMS or self.model.ahead > MOST_AHEAD:
            action = Caller.reset
        action(self)
        self.done[action.__name__] = self.done.get(action.__name__, 0) + 1


# The actions of a caller, and their weights.
ACTIONS = (
    (Caller.create, 12),
    (Caller.update, 10),
    (Caller.tag, 6),
    (Caller.delete, 5),
    (Caller.change_key, 5),
    (Caller.start_stream, 8),
    (Caller.update_stream, 4),
    (Caller.end_stream, 8),
    (Caller.look, 20),
    (Caller.look_at_list, 10),
    (Caller.advance, 1),
    (Caller.reset, 0.05),
)
