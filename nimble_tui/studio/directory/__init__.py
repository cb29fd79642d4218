"""The studio's people, as the APIs of Identity Store and Amazon DataZone present them."""

from collections.abc import Mapping
from typing import Final

from nimble_tui.studio.directory import identity_store, user_profiles
from nimble_tui.studio.operations import Operation

DIRECTORY: Final[Mapping[str, Operation]] = {
    "ListUsers": Operation(identity_store.list_users, changes=False),
    "DescribeUser": Operation(identity_store.describe_user, changes=False),
    "GetUserProfile": Operation(user_profiles.get_user_profile, changes=False),
    "SearchUserProfiles": Operation(user_profiles.search_user_profiles, changes=False),
    "CreateUserProfile": Operation(user_profiles.create_user_profile, changes=True),
    "UpdateUserProfile": Operation(user_profiles.update_user_profile, changes=True),
}
"""The operations that the studio offers of these services; they have more."""
