"""Starts the environment server, which is no Python program."""
