"""Files that people hand in: what may be taken, in what form it is kept, and the store that keeps it."""

from consult.files.reading import FILE_KINDS, SIZE_MAX, Upload, read_upload
from consult.files.store import KeptFile, StoreAway, bucket_of, init_files, keep, read_kept
from consult.files.sweeping import sweep

__all__ = [
    "FILE_KINDS",
    "SIZE_MAX",
    "KeptFile",
    "StoreAway",
    "Upload",
    "bucket_of",
    "init_files",
    "keep",
    "read_kept",
    "read_upload",
    "sweep",
]
