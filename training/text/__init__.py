"""How the embedded text encoder was made: data checks, training, export, calibration, evaluation."""
