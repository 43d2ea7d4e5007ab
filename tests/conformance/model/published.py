"""The service models that came with the installed botocore."""
import re

import botocore
from botocore.exceptions import UnknownServiceError
from botocore.loaders import Loader

SOURCE = f"the service model of botocore {botocore.__version__}"

# Values of required members, for any service.
SAMPLES = {"tagKeys": ["a"], "tags": {"a": "b"}}


class Published:
    """The published model of a service. `samples` are values of required members that are
    no ARNs of this service."""

    def __init__(self, name, samples):
        self.name = name
        self.samples = {**SAMPLES, **samples}
        try:
            model = Loader().load_service_model(name, "service-2")
        except UnknownServiceError:
            model = {"operations": {}, "shapes": {}}
        self.operations = model["operations"]
        self.shapes = model["shapes"]

    def is_older_than(self, ours):
        """
        Whether the model is from before the one that the tables follow: if so, it lacks
        operations that we list, and has none that we lack.
        """
        return self.operations.keys() < ours.keys()

    def declared(self, operation):
        """The names of the errors that the operation declares."""
        return [error["shape"] for error in self.operations[operation].get("errors", ())]

    def input_of(self, operation):
        """The published input of the operation."""
        return self.shapes[self.operations[operation]["input"]["shape"]]

    def unknown_arn(self, pattern):
        """An ARN of the kind that the pattern describes, of something that does not
        exist."""
        kind = re.search(r":([a-z-]+)/", pattern).group(1)
        return f"arn:aws:{self.name}:us-east-1:000000000000:{kind}/abcdABCDefgh"

    def required_members(self, operation):
        """The required members; no ARN among them names an existing resource."""
        shape, members = self.input_of(operation), {}
        for name in shape.get("required", []):
            pattern = self.shapes[shape["members"][name]["shape"]].get("pattern", "")
            members[name] = (self.samples[name] if name in self.samples or not pattern
                             else self.unknown_arn(pattern))
        return members

    def invalid(self, operation):
        """Members of which one is invalid."""
        members = self.input_of(operation)["members"]
        if "resourceArn" in members:
            # The service that is called is that of the signature.
            return {**self.required_members(operation), "resourceArn": "lobby"}
        if self.input_of(operation).get("required"):
            return {}
        return {"maxResults": 0} if "maxResults" in members else {"name": "the lobby"}
