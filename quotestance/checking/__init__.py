"""Checking labelled articles before a model is trained or scored on them."""

from quotestance.checking.check import Report, Summary, check_files
from quotestance.checking.faults import Fault
from quotestance.checking.repair import repair_file

__all__ = ["Fault", "Report", "Summary", "check_files", "repair_file"]
