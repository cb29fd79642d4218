"""The facts that are the same in every demo: its region, ids and artist. Quick to import."""

from typing import Final

SAMPLE: Final = "sample"
"""The fact that marks a sample studio."""

STUDIO_ID: Final = "us-west-2:stid-k7m2qv9xw4nbt6rd"
REGION: Final = "us-west-2"
STUDIO_NAME: Final = "Northwind Animation"
PRINCIPAL_ID: Final = "9267a41c58-3f0d8b62-71e4-4c59-a2d6-8b5e0f91c374"
DISPLAY_NAME: Final = "Mara Vos"
IDENTITY_STORE_ID: Final = "d-9267a41c58"
DOMAIN_ID: Final = "dzd_k7m2qv9xw4nbt6"
SSO_CLIENT_ID: Final = "ins-72238f1d0b6e4a57"
