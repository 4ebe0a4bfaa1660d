"""Whisper by `faster-whisper`, the extra `speech`: on the processor, from a folder of this machine, without a word to the net."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from towerdesk.channels.talk import Turn
from towerdesk.lib.errors import Unavailable

PARTS = ("model.bin", "config.json", "tokenizer.json")
MOST_THREADS = 2  # beside the worker's other jobs


class WhisperHearing:
    name = "whisper"

    def __init__(self, folder: str) -> None:
        """`folder` holds a model as CTranslate2 reads it, whole: what is missing the library would fetch from the net."""
        missing = [name for name in PARTS if not (Path(folder) / name).is_file()]
        if missing:
            raise Unavailable(f"There is no speech model in {folder}: it holds no {missing[0]}.")
        try:
            from faster_whisper import WhisperModel
        except ImportError:
            raise Unavailable("faster-whisper is not installed: install the desk with its extra “speech”.") from None
        how = {"device": "cpu", "compute_type": "int8", "cpu_threads": MOST_THREADS, "local_files_only": True}
        try:
            self._model: Any = WhisperModel(folder, **how)
        except Exception as error:  # whatever CTranslate2 has against the files
            raise Unavailable(f"The speech model in {folder} can't be loaded ({type(error).__name__}).") from error

    def transcribe(self, audio: bytes) -> Sequence[Turn]:
        try:
            segments, _ = self._model.transcribe(io.BytesIO(audio), vad_filter=True)
            return [Turn(one.text.strip(), "", float(one.start), float(one.end)) for one in segments]
        except Exception as error:  # its decoder raises whatever its libraries do
            raise Unavailable(f"The recording could not be understood ({type(error).__name__}).") from error
