"""A stand-in for the register: takes dispatches, judges them with a second validator, and answers. See README.md."""
