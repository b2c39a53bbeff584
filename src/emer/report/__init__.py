"""Views of a finished Report. Nothing here measures, judges or changes a Report."""
