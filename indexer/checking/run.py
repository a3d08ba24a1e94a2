"""A collection is looked through, part by part, and what is derived is made anew where it is wrong. Knows which part
comes after which."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from pathlib import Path

from indexer.base import build_base
from indexer.checking.indexes import index_damage
from indexer.checking.leftovers import leftovers, remove_leftovers
from indexer.checking.report import CheckReport, Finding, OnPart, Part
from indexer.checking.rows import fields_damage, words_damage
from indexer.checking.truth import (
    bad_vectors,
    damaged_pages,
    is_only_in_indexes,
    orphans,
    owners_of,
    page_damage,
    remove_bad_vectors,
    remove_orphans,
    unreadable_metadata,
    without_vectors,
)
from indexer.manifest import FILE_NAME, Manifest
from indexer.names import STORE
from indexer.protocols import CHANNELS
from indexer.store.base_state import info_key
from indexer.store.database import Database
from indexer.store.derived import build_fields, build_words
from indexer.store.items import ItemStore
from indexer.vectors.live import IndexPolicy

_AGAIN = "run `lychee collection check` without --dry-run to have it repaired"


@dataclass(frozen=True, slots=True)
class Check:
    """What is needed to look through a collection, and to repair it.

    alone: keeps all others from writing for the length of a block. manifest: what it says now. repair: whether what is
    wrong is put right, or only told.
    """

    folder: Path
    store: ItemStore
    policy: IndexPolicy
    alone: Callable[[], AbstractContextManager[None]]
    manifest: Callable[[], Manifest]
    repair: bool = True

    def run(self, on_part: OnPart = lambda part: None) -> CheckReport:
        """Raises CollectionBusy when another process writes, CollectionError when the disk does not take a repair."""
        begin = time.perf_counter()
        findings = list(self._findings(on_part))
        broken = any(finding.part == "store" and not finding.repaired for finding in findings)
        counts = {} if broken else self.store.counts()
        return CheckReport(
            0 if broken else len(self.store), sum(counts.values()), findings, time.perf_counter() - begin
        )

    def _findings(self, on_part: OnPart) -> Iterator[Finding]:
        with closing(Database(self.folder / STORE)) as database:
            # While others write: this takes longest, and sees one moment.
            on_part("store")
            stop = False
            for finding in self._pages(database):
                stop = stop or not finding.repaired
                yield finding
            if stop:  # what is compared with a damaged truth would be made wrong
                return
            on_part("vectors")
            with database.snapshot() as connection:
                bad = bad_vectors(connection, self.store.info.dimension)
            with self.alone():
                yield from self._truth(database, bad)
                yield from self._rows(database, on_part)
                on_part("indexes")
                yield from self._indexes()
                on_part("files")
                yield from self._files()
                yield from self._manifest()

    def _finding(self, part: Part, problem: str, done: str) -> Finding:
        return Finding(part, problem, done if self.repair else _AGAIN, self.repair)

    def _pages(self, database: Database) -> Iterator[Finding]:
        with database.reading() as connection:
            damage = page_damage(connection)
            metadata = None if damage else unreadable_metadata(connection)
            mendable = damage is not None and is_only_in_indexes(connection)
        if metadata is not None:
            yield metadata
        if damage is None:
            return
        if not mendable:
            yield damaged_pages(damage)
            return
        if self.repair:
            with self.alone(), database.writing() as connection:
                connection.execute("REINDEX")
            with database.reading() as connection:
                left = page_damage(connection)
            if left is not None:
                yield damaged_pages(left)
                return
        yield self._finding("store", f"SQLite's own indexes are damaged: {damage}", "they were built again")

    def _truth(self, database: Database, bad: list[int]) -> Iterator[Finding]:
        with database.writing() as connection:
            lost = orphans(connection)
            if lost and self.repair:
                remove_orphans(connection, lost)
            whose = owners_of(connection, bad)
            if bad and self.repair:
                remove_bad_vectors(connection, bad)
        if lost:
            yield self._finding("store", f"{len(lost):,} rows belong to items that are not there", "they were removed")
        if bad:
            yield self._finding(
                "vectors",
                f"{len(bad):,} vectors of {whose} are damaged",
                "they were removed; index these items again to have them found",
            )
        with database.reading() as connection:
            unfound = without_vectors(connection)
        if unfound:
            problem = f"{unfound}: a picture or a text without a vector, which only words find"
            yield Finding(
                "vectors", problem, "index these items again (`lychee index`, or upsert them)", repaired=False
            )

    def _rows(self, database: Database, on_part: OnPart) -> Iterator[Finding]:
        on_part("words")
        with database.writing() as connection:
            words = words_damage(connection)
            if words and self.repair:
                build_words(connection)
        if words:
            yield self._finding(
                "words",
                words,
                "they were indexed again from the stored texts; where a text itself is wrong, index its item again",
            )
        on_part("fields")
        with database.writing() as connection:
            fields = fields_damage(connection)
            if fields and self.repair:
                build_fields(connection)
        if fields:
            yield self._finding("fields", fields, "they were made again from the metadata")

    def _indexes(self) -> Iterator[Finding]:
        for channel in CHANNELS:
            damage = index_damage(self.folder, self.store, channel)
            if damage is None:
                continue
            large = True
            if self.repair:
                with self.store.transaction() as transaction:
                    transaction.write_info(info_key(channel), None)
                large = self.store.counts()[channel] > self.policy.exact_up_to
                if large:
                    build_base(self.folder, self.store, channel, self.policy, known=None)
            yield self._finding(
                "indexes", damage, "it was built again from the stored vectors" if large else "it is no longer needed"
            )

    def _files(self) -> Iterator[Finding]:
        left = leftovers(self.folder, self.store)
        if not left:
            return
        size = sum(path.stat().st_size for path in left)
        if self.repair:
            remove_leftovers(left)
        names = ", ".join(path.name for path in left[:5]) + (", ..." if len(left) > 5 else "")
        yield self._finding("files", f"{names}: {size / 1e6:,.1f} MB that nothing needs", "removed")

    def _manifest(self) -> Iterator[Finding]:
        now = self.manifest()
        try:
            told = json.loads((self.folder / FILE_NAME).read_text(encoding="utf-8"))
            same = (told["format"], told["encoder"], told["fingerprint"], told["dimension"]) == (
                now.format, now.encoder, now.fingerprint, now.dimension,
            )  # fmt: skip
        except (OSError, ValueError, TypeError, KeyError):
            same = False
        if not same:
            if self.repair:
                now.write(self.folder)
            yield self._finding("manifest", f"{FILE_NAME} does not say what the collection is", "it was written again")
