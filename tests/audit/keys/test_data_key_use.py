"""How often a data key may be used."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from audit.keys.data_key_use import MAX_ENCRYPTIONS, DataKeyUse
from audit.keys.errors import DataKeySpent


def test_the_limit_is_that_of_nist_sp_800_38d():
    assert MAX_ENCRYPTIONS == 2**32


def test_a_key_is_spent_after_its_limit():
    use = DataKeyUse("data/2026-11-25", limit=3)
    for _ in range(3):
        use.count()
    for _ in range(2):
        with pytest.raises(DataKeySpent, match="data/2026-11-25 was used 3 times"):
            use.count()


def test_threads_do_not_exceed_it_together():
    use = DataKeyUse("shared", limit=1_000)

    def used(_: int) -> bool:
        try:
            use.count()
        except DataKeySpent:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(used, range(1_500))) == 1_000


def test_a_forked_process_may_not_go_on_with_it():
    use = DataKeyUse("parent", limit=10)
    use.count()
    child = os.fork()
    if child == 0:
        try:
            use.count()
        except DataKeySpent:
            os._exit(7)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    use.count()
