"""Finds the QR codes in one picture."""

import cv2
import numpy as np

_STRAIGHT_PX = 900
_MARGIN = 1.12  # of the corners found, about their middle: the code's quiet zone


class CodeSearch:
    """Finds all codes of a picture by one of OpenCV's detectors; what it cannot decode is straightened for the other.

    So codes of 3 pixels a module are read, where either alone needs 5 (tests.benchmarks.code_reading).
    """

    def __init__(self) -> None:
        self._finder, self._decoder = cv2.QRCodeDetectorAruco(), cv2.QRCodeDetector()

    def texts(self, image_rgb: np.ndarray) -> list[str]:
        """What the codes in a uint8 (h, w, 3) picture say."""
        grey = cv2.cvtColor(image_rgb, cv2.COLOR_RGB2GRAY)
        try:
            found, texts, corners, _ = self._finder.detectAndDecodeMulti(grey)
        except (cv2.error, UnicodeDecodeError):  # of patterns that only look like a code
            return []
        if not found:
            return []
        texts = (text or self._straightened(grey, each) for text, each in zip(texts, corners, strict=True))
        return [text for text in texts if text]

    def _straightened(self, grey: np.ndarray, corners: np.ndarray) -> str:
        middle = corners.mean(axis=0)
        around = np.float32(middle + _MARGIN * (corners - middle))
        square = np.float32([[0, 0], [1, 0], [1, 1], [0, 1]]) * _STRAIGHT_PX
        straighten = cv2.getPerspectiveTransform(around, square)
        straight = cv2.warpPerspective(grey, straighten, (_STRAIGHT_PX, _STRAIGHT_PX), flags=cv2.INTER_CUBIC)
        try:
            return self._decoder.detectAndDecode(straight)[0]
        except (cv2.error, UnicodeDecodeError):
            return ""
