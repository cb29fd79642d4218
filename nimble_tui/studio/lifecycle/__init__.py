"""What happens to resources over time, whether anybody asks or not."""
