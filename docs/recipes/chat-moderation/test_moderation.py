"""Tests of the moderation of a chat: by a function before, by a moderator afterwards."""
import pytest


def test_the_function_denies_a_message(join):
    ann, bob = join("ann"), join("bob")

    ann.say("Buy SNAKE OIL here")
    ann.say("Hi")

    denied = ann.hear()
    assert (denied["Type"], denied["ErrorCode"]) == ("ERROR", 406)
    assert denied["ErrorMessage"] == "No advertising"
    assert bob.hear()["Content"] == "Hi"  # nobody else has seen the first message


def test_the_function_changes_a_message(join):
    ann, bob = join("ann"), join("bob")

    ann.say("brb", color="red")

    for visitor in (ann, bob):
        heard = visitor.hear()
        assert heard["Content"] == "be right back"
        assert heard["Attributes"] == {"color": "red", "reviewed": "yes"}


@pytest.mark.parametrize("answer", [None, {}, {"ReviewResult": "PERHAPS"}])
def test_an_invalid_review_leaves_the_decision_to_the_room(chat, room, join, function, answer):
    ann = join("ann")

    function.append(answer)
    ann.say("Hi")
    assert ann.hear()["ErrorCode"] == 406  # the room denies by default

    handler = chat.get_room(identifier=room)["messageReviewHandler"]
    chat.update_room(
        identifier=room, messageReviewHandler={**handler, "fallbackResult": "ALLOW"}
    )
    function.append(answer)
    ann.say("Hi")
    assert ann.hear()["Content"] == "Hi"


def test_a_moderator_deletes_a_message(chat, room, join):
    ann, bob = join("ann"), join("bob")
    ann.say("rude")
    message = bob.hear()

    chat.delete_message(roomIdentifier=room, id=message["Id"], reason="language")

    event = bob.hear()
    assert event["EventName"] == "aws:DELETE_MESSAGE"
    assert event["Attributes"]["MessageId"] == message["Id"]
    assert event["Attributes"]["Reason"] == "language"


def test_a_moderator_disconnects_a_user(chat, room, join):
    ann, bob = join("ann"), join("bob")

    chat.disconnect_user(roomIdentifier=room, userId="ann", reason="spam")

    for visitor in (ann, bob):
        event = visitor.hear()
        assert event["EventName"] == "aws:DISCONNECT_USER"
        assert event["Attributes"] == {"UserId": "ann", "Reason": "spam"}
    assert ann.hear() is None
    bob.say("better")
    assert bob.hear()["Content"] == "better"
