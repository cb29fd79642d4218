"""The studio: a service that speaks the Nimble Studio API.

Embedded in another program it is quiet unless that program listens to its log.
"""

import logging

logging.getLogger(__name__).addHandler(logging.NullHandler())
