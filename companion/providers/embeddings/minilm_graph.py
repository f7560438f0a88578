"""Builds the ONNX graph of all-MiniLM-L6-v2 from its weights and quantises it to int8, without torch.

`python -m companion.providers.embeddings.minilm_graph WEIGHTS OUT signed|unsigned`. The model is BERT with six layers
(Devlin et al. 2018) and the mean over the tokens, scaled to unit length. It takes one text, `ids` int64 (tokens), and
gives `vector` float32 (1, 384) or `middle`, the mean after the fourth layer, as it is: int8 activations are scaled over
all that is multiplied at once, so in a batch a text's vector would depend on its neighbours.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load_file

LAYERS = 6
MIDDLE = 4
HEADS = 12
HEAD_SIZE = 32
HIDDEN = HEADS * HEAD_SIZE
EPSILON = 1e-12
OPSET = 20

Floats = NDArray[np.float32]


class MiniLMGraph:
    """Collects nodes and constants; each method returns the name of the tensor that it adds."""

    def __init__(self, weights: dict[str, Floats]) -> None:
        self._weights = weights
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}

    def build(self) -> onnx.ModelProto:
        hidden = self._embeddings()
        for layer in range(LAYERS):
            hidden = self._layer(hidden, f"encoder.layer.{layer}.")
            if layer + 1 == MIDDLE:
                middle = self._op("ReduceMean", hidden, self._ints("axis0", 0), keepdims=1)
                self._nodes.append(helper.make_node("Identity", [middle], ["middle"]))
        mean = self._op("ReduceMean", hidden, self._ints("axis0", 0), keepdims=1)
        self._nodes.append(helper.make_node("LpNormalization", [mean], ["vector"], axis=1, p=2))
        graph = helper.make_graph(
            self._nodes,
            "minilm",
            [helper.make_tensor_value_info("ids", TensorProto.INT64, ["tokens"])],
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, HIDDEN]) for name in ("vector", "middle")],
            list(self._constants.values()),
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
        # The intermediate representation that onnxruntime 1.32 reads, whatever newer one onnx would write.
        model.ir_version = 10
        onnx.checker.check_model(model)
        return model

    def _embeddings(self) -> str:
        """Word and position; every token is of the first segment, whose vector is added to the positions here."""
        segment = self._weights["embeddings.token_type_embeddings.weight"][0]
        positions = self._constant("positions", self._weights["embeddings.position_embeddings.weight"] + segment)
        used = self._op("Slice", positions, self._ints("zero", 0), self._op("Shape", "ids"), self._ints("axis0", 0))
        words = self._constant("words", self._weights["embeddings.word_embeddings.weight"])
        return self._norm(self._op("Add", self._op("Gather", words, "ids"), used), "embeddings.LayerNorm")

    def _layer(self, hidden: str, prefix: str) -> str:
        attended = self._linear(self._attention(hidden, prefix), f"{prefix}attention.output.dense")
        hidden = self._norm(self._op("Add", hidden, attended), f"{prefix}attention.output.LayerNorm")
        inner = self._op("Gelu", self._linear(hidden, f"{prefix}intermediate.dense"))
        return self._norm(
            self._op("Add", hidden, self._linear(inner, f"{prefix}output.dense")), f"{prefix}output.LayerNorm"
        )

    def _attention(self, hidden: str, prefix: str) -> str:
        """Query, key and value come of one multiplication, so that its input is quantised once."""
        names = [f"{prefix}attention.self.{part}" for part in ("query", "key", "value")]
        # The scores' scale goes into the query's weights.
        scales = (HEAD_SIZE**-0.5, 1.0, 1.0)
        matrix = np.concatenate(
            [self._weights[f"{n}.weight"].T * s for n, s in zip(names, scales, strict=True)], axis=1
        )
        offset = np.concatenate([self._weights[f"{n}.bias"] * s for n, s in zip(names, scales, strict=True)])
        joined = self._multiply(hidden, f"{prefix}attention.self", matrix, offset)
        split = self._op("Reshape", joined, self._ints("split_shape", -1, 3, HEADS, HEAD_SIZE))
        by_part = self._op("Transpose", split, perm=(1, 2, 0, 3))
        query, key, value = self._parts(by_part)
        scores = self._op("MatMul", query, self._op("Transpose", key, perm=(0, 1, 3, 2)))
        seen = self._op("MatMul", self._op("Softmax", scores, axis=-1), value)
        return self._op(
            "Reshape", self._op("Transpose", seen, perm=(0, 2, 1, 3)), self._ints("joined_shape", -1, HIDDEN)
        )

    def _parts(self, tensor: str) -> list[str]:
        names = [f"{tensor}.{part}" for part in range(3)]
        self._nodes.append(helper.make_node("Split", [tensor], names, axis=0, num_outputs=3))
        return names

    def _linear(self, hidden: str, name: str) -> str:
        return self._multiply(hidden, name, self._weights[f"{name}.weight"].T, self._weights[f"{name}.bias"])

    def _multiply(self, hidden: str, name: str, matrix: Floats, offset: Floats) -> str:
        product = self._op("MatMul", hidden, self._constant(f"{name}.matrix", matrix))
        return self._op("Add", product, self._constant(f"{name}.offset", offset))

    def _norm(self, hidden: str, name: str) -> str:
        gain, offset = self._weight(f"{name}.weight"), self._weight(f"{name}.bias")
        return self._op("LayerNormalization", hidden, gain, offset, axis=-1, epsilon=EPSILON)

    def _op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        output = f"t{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def _weight(self, name: str) -> str:
        return self._constant(name, self._weights[name])

    def _ints(self, name: str, *values: int) -> str:
        return self._constant(name, np.array(values, dtype=np.int64))

    def _constant(self, name: str, value: Floats | NDArray[np.int64]) -> str:
        self._constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name


def write_int8(weights: Path, out: Path, *, signed: bool) -> None:
    """Writes the quantised graph to `out`: int8 with a scale for each column (cosine to the full one 0.99; with one
    scale a matrix 0.96). Activations are quantised as they come.

    Signed or not, a text has the same vector, bit for bit, on a CPU that multiplies signed weights without overflow;
    there they take half the time (minilm.multiplies_signed).
    """
    loaded = {name.removeprefix("bert."): value for name, value in load_file(weights).items()}
    with tempfile.TemporaryDirectory(dir=out.parent) as folder:
        full = Path(folder) / "full.onnx"
        onnx.save(MiniLMGraph(loaded).build(), full)
        quantize_dynamic(full, out, weight_type=QuantType.QInt8, per_channel=True)
    if not signed:
        onnx.save(_unsigned(onnx.load(out)), out)


def _unsigned(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same with each weight, and its zero point, around 128."""
    for constant in model.graph.initializer:
        if constant.data_type == TensorProto.INT8:
            moved = (numpy_helper.to_array(constant).astype(np.int16) + 128).astype(np.uint8)
            constant.CopyFrom(numpy_helper.from_array(moved, constant.name))
    return model


if __name__ == "__main__":
    write_int8(Path(sys.argv[1]), Path(sys.argv[2]), signed=sys.argv[3] == "signed")
