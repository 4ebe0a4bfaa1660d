"""Intent models as bytes: arrays in .npz (float16 where it costs nothing), the rest as JSON, never pickle."""

import io
import json
import zipfile
from typing import TYPE_CHECKING

import numpy as np

from towerdesk.assistant.understand.calibrate import Curve
from towerdesk.assistant.understand.head import Head
from towerdesk.assistant.understand.terms import Terms
from towerdesk.lib.errors import Invalid

if TYPE_CHECKING:
    from towerdesk.assistant.understand.intents import IntentModel

FORMAT = 1
FULL = {"lines_bias", "margins_bias", "pulls"}  # too large or too fine for half precision
EPOCH = (1980, 1, 1, 0, 0, 0)  # the same model gives the same bytes


def dumps(model: "IntentModel") -> bytes:
    header = {
        "format": FORMAT,
        "labels": model.labels,
        "terms": model.terms.names,
        "terms_weight": model.terms_weight,
        "believed": [*model.believed.weights, model.believed.bias],
        "known": [*model.known.weights, model.known.bias],
        "embedding": model.embedding,
    }
    arrays = {name: array if name in FULL else array.astype(np.float16) for name, array in model.head.arrays().items()}
    arrays["idf"] = model.terms.idf
    with io.BytesIO() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr(zipfile.ZipInfo("header.json", EPOCH), json.dumps(header))
            for name, array in arrays.items():
                archive.writestr(zipfile.ZipInfo(f"{name}.npy", EPOCH), as_npy(array))
        return file.getvalue()


def as_npy(array: "np.typing.NDArray[np.floating]") -> bytes:
    with io.BytesIO() as file:
        np.save(file, array, allow_pickle=False)
        return file.getvalue()


def loads(content: bytes) -> "IntentModel":
    from towerdesk.assistant.understand.intents import IntentModel

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            header = json.loads(archive.read("header.json"))
            if header["format"] != FORMAT:
                raise Invalid("The intent model was stored by another version: train the intents again.")
            arrays = {
                name[:-4]: np.load(io.BytesIO(archive.read(name)), allow_pickle=False).astype(np.float32)
                for name in archive.namelist()
                if name.endswith(".npy")
            }
        return IntentModel(
            labels=tuple(header["labels"]),
            terms=Terms(tuple(header["terms"]), arrays.pop("idf")),
            terms_weight=header["terms_weight"],
            head=Head(**arrays),
            believed=curve(header["believed"]),
            known=curve(header["known"]),
            embedding=header["embedding"],
        )
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError) as error:
        raise Invalid("The stored intent model can't be read: train the intents again.") from error


def curve(numbers: list[float]) -> Curve:
    *weights, bias = numbers
    return Curve(tuple(weights), bias)
