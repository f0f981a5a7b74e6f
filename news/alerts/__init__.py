"""Alerts: press releases by mail, for whoever asked for them and confirmed it (ADR 45).

This package stands above the models of releases and knows what is public only by ``published(at=)``.
"""
