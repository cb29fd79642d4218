"""The message that a snapshot changed: one repaint for any number of changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from textual.message_pump import MessagePump

    from nimble_tui.workspace.store import Store


class SnapshotChanged(Message, bubble=False):
    """The snapshot was replaced; the screen reads it from the store."""

    def can_replace(self, message: Message) -> bool:
        """Return whether a waiting message is superseded by this one."""
        return isinstance(message, SnapshotChanged)


def follow(node: MessagePump, store: Store) -> None:
    """Post SnapshotChanged to a node after each change, for as long as it accepts messages."""

    def changed() -> None:
        if not node.post_message(SnapshotChanged()):
            unsubscribe()

    unsubscribe = store.subscribe(changed)
