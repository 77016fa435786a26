"""What can go wrong with a BioGPT checkpoint or GGUF. Messages name files and tensors, and are safe to show.

BioGptError
├── CheckpointError
│   ├── NotBioGpt              config.json describes another model
│   ├── CheckpointFileMissing  a file of the checkpoint is not there
│   ├── CheckpointDamaged      a file is there and cannot be read, or holds what weights and vocabularies never need
│   ├── CheckpointUnsupported  a BioGPT that llama.cpp's graph would not compute as trained
│   ├── TensorMissing          the weights lack a tensor of this shape of BioGPT
│   └── TensorShapeWrong       a tensor is not of the shape that config.json asks for
├── GgufError
│   ├── GgufExists             the output is there already
│   ├── GgufNotWritten         no room, no right, or llama.cpp refused to quantize
│   └── NotBioGptGguf          a GGUF that `import_biogpt` did not write
└── QuantizationUnknown        no such type
"""


class BioGptError(Exception):
    """BioGPT could not be read, converted or run."""


class CheckpointError(BioGptError):
    """The checkpoint folder does not hold a BioGPT that can be converted."""


class NotBioGpt(CheckpointError):
    """The checkpoint is of another model."""


class CheckpointFileMissing(CheckpointError):
    """A file of the checkpoint is not there."""


class CheckpointDamaged(CheckpointError):
    """A file of the checkpoint cannot be read, or holds something that it should not."""


class CheckpointUnsupported(CheckpointError):
    """A variant of BioGPT that would not run as it was trained."""


class TensorMissing(CheckpointError):
    """The weights lack a tensor."""


class TensorShapeWrong(CheckpointError):
    """A tensor has another shape than the configuration says."""


class GgufError(BioGptError):
    """A GGUF could not be written or read."""


class GgufExists(GgufError):
    """The output exists and may not be overwritten."""


class GgufNotWritten(GgufError):
    """The output could not be written."""


class NotBioGptGguf(GgufError):
    """The file is not a GGUF of BioGPT that was written here."""


class QuantizationUnknown(BioGptError):
    """The type is not one that the conversion can write."""
