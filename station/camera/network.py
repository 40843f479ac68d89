"""One TFLite network: load it, run it on one input."""

from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from station.errors import InputError
from station.words import N_


class Network:
    """A network with one input; its outputs are told apart by shape."""

    def __init__(self, path: Path, threads: int = 1) -> None:
        try:
            self._interpreter = Interpreter(model_path=str(path), num_threads=threads)
        except (ValueError, RuntimeError) as e:
            raise InputError(
                N_("pose weights {path}: not a network ({e}); run python -m station.camera.weights").format(
                    path=path, e=e
                )
            ) from None
        self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._outputs = {tuple(o["shape"].tolist()): o["index"] for o in self._interpreter.get_output_details()}

    def run(self, image: np.ndarray) -> None:
        """Run on one float32 (h, w, 3) image, scaled as the network wants it."""
        self._interpreter.set_tensor(self._input, image[None])
        self._interpreter.invoke()

    def output(self, *shape: int) -> np.ndarray:
        """The output of that shape (its leading 1 included), of the last run."""
        return self._interpreter.get_tensor(self._outputs[shape])
