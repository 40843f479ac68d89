"""Remove the heads of a TFLite network that nobody reads, and with them the operators that only feed them.

Schema: TensorFlow Lite schema.fbs, version 3 (file identifier "TFL3").
"""

from collections.abc import Collection

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

from station.errors import InputError


def keep_outputs(model: bytes, names: Collection[str]) -> bytes:
    """The same network with only the outputs `names`, in their old order; the kept outputs stay bit-identical.

    Raises InputError where the network lacks one of them.
    """
    network = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(model, 0))
    graph = network.subgraphs[0]
    outputs = [i for i in graph.outputs if graph.tensors[i].name.decode() in names]
    if len(outputs) != len(names):
        raise InputError(f"the network does not have all of the outputs {', '.join(names)}; fetch the weights again")
    graph.operators = _feeding(graph.operators, outputs)
    graph.outputs = np.array(outputs, np.int32)
    network.signatureDefs = None  # they name the removed outputs
    builder = flatbuffers.Builder(len(model))
    builder.Finish(network.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def _feeding(operators: list[schema.OperatorT], outputs: list[int]) -> list[schema.OperatorT]:
    """The operators on which the tensors `outputs` depend, in their old order."""
    needed = set(outputs)
    kept = []
    for operator in reversed(operators):
        if needed.intersection(operator.outputs):
            kept.append(operator)
            needed.update(operator.inputs)
    return kept[::-1]
