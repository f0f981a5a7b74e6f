"""The calendar of the back office: what goes out when, and what happens on the day, for whoever may see it (ADR 67).

Each *finder* returns what happens within a period, so that a further sort of event is one more function in ``FINDERS``.
"""
