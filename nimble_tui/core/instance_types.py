"""The hardware of the API's instance types: processors, memory and graphics.

Sources: the AWS API reference, StreamingInstanceType, for the names; Amazon EC2's list of
accelerated computing instance types for processors, memory and graphics.
"""

from typing import NamedTuple


class InstanceType(NamedTuple):
    """A type of machine: virtual processors, memory in GiB, graphics cards and their GiB each."""

    name: str
    vcpus: int
    memory: float
    gpu: str
    gpus: int
    gpu_memory: int

    @property
    def in_words(self) -> str:
        """Such as `8 CPUs, 32 GB, 1 NVIDIA A10G (24 GB)`."""
        return f"{self.vcpus} CPUs, {self.memory:g} GB, {self.graphics}"

    @property
    def graphics(self) -> str:
        """Such as `1 NVIDIA A10G (24 GB)`."""
        return f"{self.gpus} NVIDIA {self.gpu} ({self.gpu_memory} GB)"


_TYPES = (
    InstanceType("g3s.xlarge", 4, 30.5, "M60", 1, 8),
    InstanceType("g3.4xlarge", 16, 122, "M60", 1, 8),
    InstanceType("g4dn.xlarge", 4, 16, "T4", 1, 16),
    InstanceType("g4dn.2xlarge", 8, 32, "T4", 1, 16),
    InstanceType("g4dn.4xlarge", 16, 64, "T4", 1, 16),
    InstanceType("g4dn.8xlarge", 32, 128, "T4", 1, 16),
    InstanceType("g4dn.12xlarge", 48, 192, "T4", 4, 16),
    InstanceType("g4dn.16xlarge", 64, 256, "T4", 1, 16),
    InstanceType("g5.xlarge", 4, 16, "A10G", 1, 24),
    InstanceType("g5.2xlarge", 8, 32, "A10G", 1, 24),
    InstanceType("g5.4xlarge", 16, 64, "A10G", 1, 24),
    InstanceType("g5.8xlarge", 32, 128, "A10G", 1, 24),
    InstanceType("g5.16xlarge", 64, 256, "A10G", 1, 24),
)

INSTANCE_TYPES = {one.name: one for one in _TYPES}


def in_words(name: str | None) -> str:
    """Return the hardware of a type as text; empty for an unknown type."""
    known = INSTANCE_TYPES.get(name or "")
    return known.in_words if known else ""
