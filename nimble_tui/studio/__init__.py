"""The studio: a service that speaks the Nimble Studio API.

Within somebody else's program it is quiet unless that program listens to its log.
"""

import logging

logging.getLogger(__name__).addHandler(logging.NullHandler())
