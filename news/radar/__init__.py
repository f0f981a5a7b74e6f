"""The renewal radar of each person: on the desk, by mail, and as a calendar with a secret address (ADR 58).

This package stands above releases, because news about a city is a sign that its partnership lives.
"""
