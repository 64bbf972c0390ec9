"""Empty folders for jobs: making and removing them takes longer than many a story."""

import shutil
from pathlib import Path
from tempfile import mkdtemp


class Folders:
    """Lends empty folders below one folder; what comes back is emptied and lent again."""

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
        try:
            for left in folder.iterdir():
                left.unlink()
            self._free.append(folder)
        except OSError:
            # It is gone, or holds more than files.
            shutil.rmtree(folder, ignore_errors=True)
