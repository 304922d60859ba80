"""The control surface: JSON over HTTP on the loopback, for another program to drive every scenario."""
