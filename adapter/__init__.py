"""iplos-adapter: service-allocation events in, validated IPLOS messages for KPR out."""

from importlib.metadata import version

__version__ = version("iplos-adapter")
