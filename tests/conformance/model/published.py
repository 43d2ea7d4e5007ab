"""The service model that came with the installed botocore."""
import botocore
from botocore.loaders import Loader

MODEL = Loader().load_service_model("ivs", "service-2")
SOURCE = f"the service model of botocore {botocore.__version__}"


def is_older_than(ours):
    """
    Whether the model is from before the one that the tables follow: if so, it lacks
    operations that we list, and has none that we lack.
    """
    return MODEL["operations"].keys() < ours.keys()
