"""Imports of cities and of agreements."""
