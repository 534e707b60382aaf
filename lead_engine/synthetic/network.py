"""Writes the invented network: a delivery, the lists of ACOs and Participants, the answer key, a configuration that runs it.

People are invented in blocks, each from its own seed, so any number of processes write the same bytes. A network is
written beside its folder and put in its place when whole: nothing half-written counts as a network.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lead_engine.foundation.errors import ConfigurationError, LakeError, Problem, SetupError
from lead_engine.lake.failures import spark_failures

from . import cclf, core, damage, lists, people_lists, rif, truth
from .answer_key import cases
from .care import care_of
from .cases import marked, services
from .claims import Care, numbered
from .people import People, invent
from .practices import World, world_of

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

BLOCK = 1_000  # people
BLOCKS_OF_A_TASK = 10
INVENTED = "An invented network"
FORMS = {"rif": rif, "cclf": cclf}  # as files; as core tables a network needs Spark
TITLE, PARTS, OURS = "network.txt", ".parts", ".unfinished-network"
Made = Callable[[int], Iterable[tuple[str, bytes]]]  # what a block is in each file


@dataclass(frozen=True)
class Network:
    """What is invented: how many people, from which seed, with the marked ones or without, written as what."""

    people: int
    seed: int
    form: str = "rif"
    has_marked: bool = True
    block_people: int = BLOCK  # fewer give a small network many blocks, and other people

    @property
    def title(self) -> str:
        """What tells one network from another."""
        others = ", with the answer key" if self.has_marked else ""
        blocks = f", in blocks of {self.block_people}" if self.block_people != BLOCK else ""
        return f"{INVENTED}: {self.people} people, seed {self.seed}, as {self.form}{others}{blocks}. Nobody in it is real.\n"

    @property
    def world(self) -> World:
        """Its practices."""
        return world_of(self.people, self.has_marked)

    @property
    def blocks(self) -> int:
        """How many blocks its people are."""
        return -(-self.people // self.block_people)

    def block(self, number: int) -> tuple[World, People, Care]:
        """The people of a block, their practices and their care."""
        world, people = self.people_of(number)
        return world, people, self.care_of(number, world, people)

    def people_of(self, number: int) -> tuple[World, People]:
        """The people of a block and the practices there are."""
        world, first = self.world, number * self.block_people
        people = invent(first, min(self.block_people, self.people - first), self.seed, world)
        return world, marked(people, cases(world), world.marked.number) if self._is_marked(number) else people

    def care_of(self, number: int, world: World, people: People) -> Care:
        """The care of the people of a block; marked people have what is planted alone."""
        care = care_of(people, world, self.seed)
        if not self._is_marked(number):
            return care
        planted = cases(world)
        others = care.some(care.claims.person >= len(planted))
        return numbered(Care.stack([services(planted), others]))

    def _is_marked(self, number: int) -> bool:
        return self.has_marked and number == 0


def write_network(
    folder: Path,
    network: Network,
    spark: "SparkSession | None" = None,
    replace: bool = False,
    tasks: int | None = None,
) -> None:
    """Write a network into a folder; one that is there already is left as it is.

    With a Spark session its workers write the blocks, into a folder all of them reach; the number of tasks changes no byte.
    Raises ConfigurationError when the folder holds anything else, unless it is a network to be replaced, and
    LakeError when it cannot be written.
    """
    folder = folder.resolve()
    if _is_there(folder, network, replace):
        return
    unfinished = folder.with_name(folder.name + ".unfinished")
    _remove_unfinished(unfinished)
    try:
        unfinished.mkdir(parents=True)
        (unfinished / OURS).touch()
        _write(unfinished, network, spark, tasks or -(-network.blocks // BLOCKS_OF_A_TASK))
        _move(unfinished, folder)
    except OSError as error:
        why, remedy = f"could not be written: {error.strerror or 'refused'}", "make room, or name another folder"
        raise LakeError(Problem(str(folder), why, "nothing of it was kept", remedy)) from None
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _move(unfinished: Path, folder: Path) -> None:
    """The title goes first and comes last: what is without one is no network. The folder stays: a shell may stand in it."""
    folder.mkdir(exist_ok=True)
    for old in sorted(folder.iterdir(), key=lambda path: path.name != TITLE):
        shutil.rmtree(old) if old.is_dir() and not old.is_symlink() else old.unlink()
    for new in sorted(unfinished.iterdir(), key=lambda path: path.name == TITLE):
        if new.name != OURS:
            new.rename(folder / new.name)


def _remove_unfinished(folder: Path) -> None:
    """What a stopped run left; anything else of that name is somebody's."""
    if folder.exists() and not (folder / OURS).is_file():
        remedy = "move it away, or name another folder for the network"
        raise ConfigurationError(Problem(str(folder), "is in the way, and no unfinished network", remedy=remedy))
    shutil.rmtree(folder, ignore_errors=True)


def _is_there(folder: Path, network: Network, replace: bool) -> bool:
    """Whether the folder holds the very network."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return False
    title = (folder / TITLE).read_text("utf-8") if (folder / TITLE).is_file() else ""
    is_network = title.startswith(INVENTED)
    if title == network.title or (is_network and replace):
        return title == network.title
    what = "holds another network" if is_network else "is not empty" if folder.is_dir() else "is no folder"
    remedy = "name another folder" + (", or replace it with --replace" if is_network else "")
    raise ConfigurationError(Problem(str(folder), what, remedy=remedy))


def _write(folder: Path, network: Network, spark: "SparkSession | None", tasks: int) -> None:
    """Claims, lists, the answer key, and what the network is."""
    world = network.world
    if network.form not in FORMS:
        if spark is None:
            raise SetupError("core tables are written by Spark; give a session")
        core.write(spark, f"{folder.absolute()}/lake", network, tasks, lists.SECRET)
    else:
        _write_delivery(folder, network, world, spark, tasks)
    of_people = partial(_block_of_lists, network)
    _put_together(folder, people_lists.heads(), of_people, network.blocks, spark, tasks)
    planted = cases(world) if network.has_marked else []
    lists.write(folder, world, network.form, planted)
    if planted:
        truth.write(folder, world, planted)
    (folder / TITLE).write_text(network.title, "utf-8")


def _write_delivery(folder: Path, network: Network, world: World, spark: "SparkSession | None", tasks: int) -> None:
    """Every block's part of every file, then the files from their parts."""
    delivery, form = folder / network.form, FORMS[network.form]
    _put_together(delivery, form.heads(world), partial(_block_of_files, network), network.blocks, spark, tasks)
    if network.has_marked:
        damage.plant(delivery, world, network.form)
    form.finish(delivery, world)


def _each_block(write: Callable[[int], None], blocks: int, spark: "SparkSession | None", tasks: int) -> None:
    """Write every block, here or on the workers."""
    if spark is None:
        for number in range(blocks):
            write(number)
        return

    def written(batches: Iterable[Any]) -> Iterator[Any]:
        for batch in batches:
            for number in batch.column(0).to_pylist():
                write(number)
            yield batch

    numbers = spark.range(0, blocks, numPartitions=tasks).mapInArrow(written, "id long")
    with spark_failures("writing the network"):
        numbers.write.format("noop").mode("overwrite").save()


def _block_of_files(network: Network, number: int) -> Iterable[tuple[str, bytes]]:
    world, people, care = network.block(number)
    return FORMS[network.form].block(people, care, world)


def _block_of_lists(network: Network, number: int) -> Iterable[tuple[str, bytes]]:
    return people_lists.block(network.people_of(number)[1])


def _put_together(
    folder: Path, heads: dict[str, bytes], made: Made, blocks: int, spark: "SparkSession | None", tasks: int
) -> None:
    """Files from the parts that every block makes of them, in the order of the blocks."""
    parts = folder / PARTS
    for name in heads:
        (parts / name).mkdir(parents=True)
    _each_block(partial(_write_block, parts, made), blocks, spark, tasks)
    for name, head in heads.items():
        with (folder / name).open("wb") as file:
            file.write(head)
            for part in sorted((parts / name).iterdir()):
                with part.open("rb") as data:
                    shutil.copyfileobj(data, file)
                part.unlink()
    shutil.rmtree(parts)


def _write_block(parts: Path, made: Made, number: int) -> None:
    for name, data in made(number):
        if data:
            (parts / name / f"{number:09d}").write_bytes(data)
