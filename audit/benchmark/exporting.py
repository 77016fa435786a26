"""Exports everything as a package, and tells the key to verify it with.

python -m audit.benchmark.exporting FOLDER
"""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import django

from audit.benchmark.children import tell, wait_for_the_word


def main(folder: Path) -> None:
    """Write the package."""
    django.setup()
    from audit.export.formats import Format
    from audit.export.package import write_package
    from audit.ledger.reading import Query
    from audit.ledger.setup import checkpoint_verifier

    query = Query(since=datetime(2020, 1, 1, tzinfo=UTC), until=datetime(9999, 1, 1, tzinfo=UTC))
    wait_for_the_word()
    begun = time.perf_counter()
    write_package(query, folder, formats=[Format.NDJSON], requested_by="benchmark")
    tell({"seconds": time.perf_counter() - begun, "key": str(checkpoint_verifier())})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
