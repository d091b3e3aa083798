"""The Python client of Flotilla."""
