"""A studio seen over the network: the StudioService that boto3 carries."""
