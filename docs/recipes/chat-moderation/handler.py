"""The Lambda function that reviews messages, as it is deployed."""

DENIED = "snake oil"
LONGER = {"brb": "be right back"}


def handler(event, _context):
    """Denies messages that advertise, and writes out abbreviations."""
    text = event["Content"]
    if DENIED in text.lower():
        return {"ReviewResult": "DENY", "Attributes": {"Reason": "No advertising"}}
    attributes = event["Attributes"] or {}
    return {
        "ReviewResult": "ALLOW",
        "Content": LONGER.get(text, text),
        "Attributes": {**attributes, "reviewed": "yes"},
    }
