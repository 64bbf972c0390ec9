"""Virtual time: a loop whose clock jumps, and threads of clients that take turns with it."""
