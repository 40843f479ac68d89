"""The pose networks through the `mediapipe` package; run by pose_packages in an environment that has it, not ours.

`python mediapipe_pose.py WEIGHTS_PACKAGE MODEL FRAMES`: npm's `@mediapipe/pose` folder, `full` or `heavy`, and a folder
of JPEG files at 60 frames/s. Prints JSON: CPU milliseconds of each frame, peak memory, and how many poses were found.
"""

import io
import json
import resource
import sys
import time
import zipfile
from pathlib import Path

import cv2
import flatbuffers
import mediapipe
import numpy as np
from mediapipe.tasks.metadata import metadata_schema_py_generated as described
from mediapipe.tasks.metadata import schema_py_generated as schema
from mediapipe.tasks.python import vision
from mediapipe.tasks.python.core.base_options import BaseOptions

INPUTS = {  # file of the package, its name in the bundle: mean and standard deviation of what the network wants
    "pose_detector.tflite": ("pose_solution_packed_assets.data", 127.5, 127.5),
    "pose_landmarks_detector.tflite": ("pose_landmark_{model}.tflite", 0.0, 255.0),
}


def main(package: str, model: str, frames: str) -> None:
    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_buffer=bundle(Path(package), model)),
        running_mode=vision.RunningMode.VIDEO,
    )
    found, cpu_ms = 0, []
    cv2.setNumThreads(1)
    with vision.PoseLandmarker.create_from_options(options) as landmarker:
        for k, path in enumerate(sorted(Path(frames).glob("*.jpg"))):
            jpeg = path.read_bytes()
            start_s = time.process_time()
            bgr = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
            image = mediapipe.Image(mediapipe.ImageFormat.SRGB, cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB))
            result = landmarker.detect_for_video(image, round(k * 1000 / 60))
            cpu_ms.append(1000 * (time.process_time() - start_s))
            found += bool(result.pose_landmarks)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu_ms": cpu_ms, "peak_mb": peak_mb, "found": found}))


def bundle(package: Path, model: str) -> bytes:
    """The two networks as the zip that the package wants, each told how its input is scaled."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, (file, mean, deviation) in INPUTS.items():
            network = (package / file.format(model=model)).read_bytes()
            archive.writestr(name, with_normalisation(network, mean, deviation))
    return out.getvalue()


def with_normalisation(network: bytes, mean: float, deviation: float) -> bytes:
    """A TFLite network with metadata: its input is (value - mean) / deviation."""
    scaling = described.NormalizationOptionsT(mean=[mean], std=[deviation])
    unit = described.ProcessUnitT(optionsType=described.ProcessUnitOptions.NormalizationOptions, options=scaling)
    content = described.ContentT(
        contentPropertiesType=described.ContentProperties.ImageProperties,
        contentProperties=described.ImagePropertiesT(colorSpace=described.ColorSpaceType.RGB),
    )
    graph = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(network, 0))
    outputs = [described.TensorMetadataT() for _ in graph.subgraphs[0].outputs]
    tensor = described.TensorMetadataT(name="input", processUnits=[unit], content=content)
    about = described.ModelMetadataT(
        name="pose",
        subgraphMetadata=[described.SubGraphMetadataT(inputTensorMetadata=[tensor], outputTensorMetadata=outputs)],
    )
    graph.buffers.append(schema.BufferT(data=list(packed(about, b"M001"))))
    metadata = schema.MetadataT(name="TFLITE_METADATA", buffer=len(graph.buffers) - 1)
    graph.metadata = [*(graph.metadata or []), metadata]
    return packed(graph, b"TFL3")


def packed(table: object, identifier: bytes) -> bytes:
    builder = flatbuffers.Builder(1024)
    builder.Finish(table.Pack(builder), identifier)
    return bytes(builder.Output())


if __name__ == "__main__":
    main(*sys.argv[1:])
