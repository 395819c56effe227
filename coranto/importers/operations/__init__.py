"""Writing what another system's export holds, so that doing it again changes nothing."""

from coranto.importers.operations.importing import ImportSettings, import_site

__all__ = ["ImportSettings", "import_site"]
