"""How a Haar box relates to a FER2013 crop, the source of CROP_MARGIN: `PYTHONPATH=src python -m training.face.margin`.

Each FER2013 face of the held-back tenth is enlarged to 160 px inside a border, detected, and the detected box compared
with the crop. With --show FILE the faces of the photographs are drawn as the network would get them at several margins.
"""

import argparse
from pathlib import Path

import cv2
import numpy as np
from training.face.data import DATA, split

from emer.tools.face_expression import CLASSES, read_expressions

SIDE, BORDER = 160, 60


def detector() -> cv2.CascadeClassifier:
    return cv2.CascadeClassifier(str(DATA / "weights" / "haarcascade_frontalface_default.xml"))


def boxes(n: int) -> np.ndarray:
    """(m, 3) side, centre x, centre y of the detected boxes, in shares of the FER2013 crop."""
    found, haar = [], detector()
    for image in split().held.images[:n]:
        large = cv2.resize(image, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
        framed = cv2.copyMakeBorder(large, *[BORDER] * 4, cv2.BORDER_REPLICATE)
        faces = haar.detectMultiScale(framed, 1.05, 5, minSize=(80, 80))
        if len(faces) == 1:
            x, y, w, h = faces[0]
            found.append((w / SIDE, (x + w / 2 - BORDER) / SIDE, (y + h / 2 - BORDER) / SIDE))
    return np.array(found)


def crop(image: np.ndarray, box: tuple[int, int, int, int], margin: float) -> np.ndarray:
    x, y, w, h = box
    grow = round(w * margin)
    return image[max(0, y - grow) : y + h + grow, max(0, x - grow) : x + w + grow]


def photographs(margins: tuple[float, ...]) -> list[np.ndarray]:
    """One row of crops per detected face, and its leading class at each margin printed."""
    rows, haar = [], detector()
    for path in sorted((DATA / "media" / "face_other").glob("*.jpg")):
        colour = cv2.imread(str(path))
        scale = min(1.0, 960 / max(colour.shape))
        small = cv2.resize(colour, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        image = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
        for box in haar.detectMultiScale(image, 1.1, 6, minSize=(40, 40)):
            crops = [crop(image, tuple(box), margin) for margin in margins]
            said = read_expressions(crops).probabilities
            named = [f"{m:+.2f} {CLASSES[p.argmax()]} {p.max():.2f}" for m, p in zip(margins, said, strict=True)]
            print(f"  {path.name[:28]:28} {box[2]:4} px: {', '.join(named)}")
            rows.append(np.concatenate([cv2.resize(face, (96, 96)) for face in crops], 1))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=400)
    parser.add_argument("--show", type=Path, default=None)
    options = parser.parse_args()
    found = boxes(options.n)
    side, x, y = np.median(found, axis=0)
    print(f"Haar found one face in {len(found)} of {options.n} FER2013 crops; median side {side:.3f} of the crop,")
    print(f"centre ({x:.3f}, {y:.3f}): a margin of {(1 / side - 1) / 2:+.3f} of the box per side brings the crop back")
    rows = photographs((-0.1, -0.05, 0.0, 0.05, 0.1, 0.2))
    if options.show:
        cv2.imwrite(str(options.show), np.concatenate(rows))


if __name__ == "__main__":
    main()
