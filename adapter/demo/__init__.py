"""A year played through the real service on a real Kafka, and held against what should come of it. See README.md."""
