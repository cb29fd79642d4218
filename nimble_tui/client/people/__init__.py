"""Who is in a studio: members over its own API, names and profiles over two of AWS's."""
