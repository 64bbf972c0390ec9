"""Empty folders for jobs: making and removing them takes longer than many a story."""

import shutil
from pathlib import Path
from tempfile import mkdtemp


class Folders:
    """Lends empty folders below one folder; what comes back empty is lent again."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._free: list[Path] = []

    def lend(self) -> Path:
        """An empty folder."""
        if self._free:
            return self._free.pop()
        self._home.mkdir(parents=True, exist_ok=True)
        return Path(mkdtemp(prefix="job-", dir=self._home))

    def take_back(self, folder: Path) -> None:
        """Take a folder back, whatever has become of it."""
        if folder.is_dir() and not any(folder.iterdir()):
            self._free.append(folder)
        else:
            shutil.rmtree(folder, ignore_errors=True)
