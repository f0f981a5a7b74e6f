"""Signing in: passwords, second factors, invitations, limits and sessions of staff, with django-allauth (ADR 0017)."""
