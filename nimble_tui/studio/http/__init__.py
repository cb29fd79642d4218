"""The studio's front: HTTP and signatures outside, calls by operation name inside."""
