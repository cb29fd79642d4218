"""One open studio as the app knows it, without a screen: what is known, polled and requested."""
