"""Another emulator, moto, for the AWS services that IVS Local uses."""
import logging

from moto.server import ThreadedMotoServer

from support.boto import client


class Moto:
    """The other emulator. `url` is where it listens."""

    def __init__(self, region, account):
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self.region, self.account = region, account
        self.server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self.server.start()
        self.stop = self.server.stop
        self.url = "http://{}:{}".format(*self.server.get_host_and_port())

    def client(self, service, **config):
        """A client of one of the emulator's services."""
        return client(self, self.region, self.account, service, **config)
