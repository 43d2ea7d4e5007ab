"""The actions of a caller on resources."""
import base64
import hashlib
import re
from pathlib import Path
from urllib.parse import quote, urlencode

from calls import CONFLICT, NOT_FOUND, QUOTA, Calls, settled
from client import Difference
from model import ADS, CHANNEL, KEY_PAIR, KINDS, POLICY, RECORDING, Model

KEYS_FILE = Path(__file__).parents[1] / "support" / "keys.h"


def public_keys():
    """The keys of the C tests."""
    text = KEYS_FILE.read_text(encoding="ascii")
    found = re.findall(r"#define KEY_[A-D] .*?END PUBLIC KEY-----\\n\"", text, re.DOTALL)
    return ["".join(re.findall(r'"(.*?)"', key)).replace("\\n", "\n") for key in found]


KEYS = public_keys()


def fingerprint(material):
    """MD5 of the key's DER form, in the notation of AWS."""
    der = base64.b64decode("".join(material.splitlines()[1:-1]))
    return hashlib.md5(der).digest().hex(":")


class Resources(Calls):
    def inputs(self, kind):
        word = f"n{self.random.randrange(10**9)}"
        tags = {"tags": {"k": word}} if self.random.random() < 0.5 else {}
        if kind is CHANNEL:
            more = {"latencyMode": self.random.choice(("LOW", "NORMAL")),
                    "authorized": self.random.random() < 0.5}
            for other in (RECORDING, POLICY):
                arn = self.pick(self.model.of(other))
                if arn is not None and self.random.random() < 0.3:
                    more[f"{other.name}Arn"] = arn
            return {"name": word, **more, **tags}
        if kind is RECORDING:
            return {"name": word, **tags, "recordingReconnectWindowSeconds": 3,
                    "destinationConfiguration": {"s3": {"bucketName": f"b-{word}"}}}
        if kind is POLICY:
            return {"name": word, "allowedCountries": ["DE", "US"], **tags}
        if kind is ADS:
            arn = (f"arn:aws:mediatailor:us-east-1:{self.client.account}:"
                   f"playbackConfiguration/{word}")
            return {"name": word, **tags, "mediaTailorPlaybackConfigurations": [
                {"playbackConfigurationArn": arn}]}
        return {"name": word, **tags}

    def create(self):
        kind = self.random.choice((CHANNEL, CHANNEL, CHANNEL, *KINDS))
        inputs = self.inputs(kind)
        if kind is KEY_PAIR:
            inputs["publicKeyMaterial"] = self.random.choice(KEYS)
            if self.is_imported(inputs["publicKeyMaterial"]):
                return
        if len(self.model.of(kind)) >= kind.most:
            return

        def apply(body):
            resource = settled(body[kind.name])
            self.check_has(kind.create, resource, inputs)
            if kind is CHANNEL:
                self.model.add_channel(resource, body["streamKey"])
            else:
                self.model.of(kind)[resource["arn"]] = resource
        self.change(kind.create, inputs, apply, lambda: self.find_created(kind, inputs))

    def is_imported(self, material):
        """Whether the key exists already; then it is refused."""
        known = {pair["fingerprint"] for pair in self.model.of(KEY_PAIR).values()}
        if fingerprint(material) not in known:
            return False
        self.client.expect(KEY_PAIR.create, {"publicKeyMaterial": material}, error=CONFLICT)
        return True

    def update(self):
        kind = self.random.choice([kind for kind in KINDS if kind.update])
        arn = self.pick(self.model.of(kind))
        if arn is None:
            return
        changes = {"name": f"u{self.random.randrange(10**9)}"}
        if kind is CHANNEL:
            changes["authorized"] = self.random.random() < 0.5
            if arn in self.model.live:
                self.client.expect(kind.update, {"arn": arn, **changes}, error=CONFLICT)
                return
        self.replace(kind, arn, changes, kind.update, {"arn": arn, **changes})

    def replace(self, kind, arn, changes, operation, body, **how):
        """A call that makes exactly these changes to a resource."""
        old = self.model.of(kind)[arn]
        new = settled({**old, **changes})

        def find_out():
            found = self.read(kind, arn)
            if found not in (old, new):
                raise Difference(f"{operation}: {found} is neither {old} nor {new}")
            self.model.of(kind)[arn] = found
        self.change(operation, body, lambda _: self.model.of(kind).update({arn: new}),
                    find_out, **how)

    def tag(self):
        kind = self.random.choice(KINDS)
        arn = self.pick(self.model.of(kind))
        if arn is None:
            return
        old = self.model.of(kind)[arn].get("tags", {})
        target = f"/tags/{quote(arn, safe='')}"
        key = self.random.choice("abck")
        if key in old:
            tags = {name: value for name, value in old.items() if name != key}
            self.replace(kind, arn, {"tags": tags}, "UntagResource", None, method="DELETE",
                         target=f"{target}?{urlencode({'tagKeys': key})}")
            return
        new = {key: str(self.random.randrange(1000))}
        self.replace(kind, arn, {"tags": {**old, **new}}, "TagResource", {"tags": new},
                     target=target)

    def delete(self):
        kind = self.random.choice((CHANNEL, CHANNEL, *KINDS))
        arn = self.pick(self.model.of(kind))
        if arn is None or (kind is not RECORDING and self.model.references(arn)):
            return
        if arn in self.model.live or (kind is RECORDING and self.model.references(arn)):
            self.client.expect(kind.delete, {"arn": arn}, error=CONFLICT)
            return

        def apply(_):
            self.model.delete(kind, arn)

        def find_out():
            answer = self.client.call(kind.get, {"arn": arn})
            if answer.error == NOT_FOUND:
                apply(None)
            elif answer.status != 200:
                raise Difference(f"{kind.get}: {answer.status} {answer.error}")
        self.change(kind.delete, {"arn": arn}, apply, find_out)

    def change_key(self):
        """Deletes a channel's stream key, or creates one."""
        arn = self.pick(self.model.of(CHANNEL))
        if arn is None:
            return
        key = self.model.keys.get(arn)

        def find_out():
            keys = self.client.expect("ListStreamKeys", {"channelArn": arn})["streamKeys"]
            if not keys:
                self.model.keys.pop(arn, None)
            elif key is None or keys[0]["arn"] != key["arn"]:
                self.model.keys[arn] = self.client.expect(
                    "GetStreamKey", {"arn": keys[0]["arn"]})["streamKey"]
        if key is None:
            self.change("CreateStreamKey", {"channelArn": arn},
                        lambda body: self.model.keys.update({arn: body["streamKey"]}), find_out)
        elif self.random.random() < 0.3:
            self.client.expect("CreateStreamKey", {"channelArn": arn}, error=QUOTA)
        else:
            self.change("DeleteStreamKey", {"arn": key["arn"]},
                        lambda _: self.model.keys.pop(arn), find_out)

    def find_created(self, kind, inputs):
        """Adds what the model does not have, if it is what was being created."""
        listed = [entry["arn"] for entry in self.list(kind)]
        added = [arn for arn in listed if arn not in self.model.of(kind)]
        if len(added) > 1 or len(listed) != len(self.model.of(kind)) + len(added):
            raise Difference(f"{kind.plural}: {listed}")
        for arn in added:
            resource = self.read(kind, arn)
            self.check_has(kind.create, resource, inputs)
            if kind is CHANNEL:
                keys = self.client.expect("ListStreamKeys", {"channelArn": arn})
                key = keys["streamKeys"][0]["arn"]
                self.model.add_channel(resource, self.client.expect(
                    "GetStreamKey", {"arn": key})["streamKey"])
            else:
                self.model.of(kind)[arn] = resource

    def reset(self):
        def find_out():
            listed = [entry["arn"] for kind in KINDS for entry in self.list(kind)]
            events = self.client.expect("/ListEvents")["events"]
            if not listed and not events:
                self.model = Model()
            elif len(listed) != sum(map(len, self.model.resources.values())):
                raise Difference(f"Reset: of all there was, this is left: {listed}")
        self.change("/Reset", {}, lambda _: setattr(self, "model", Model()), find_out)
