"""What every test gets: none of the developer's own settings, keys or proxies."""
