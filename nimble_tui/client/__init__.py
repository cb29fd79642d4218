"""A studio over the network: the StudioService over boto3."""
