"""What scripted.ts answers, as a model of MLServer: the first byte of each picture modulo 2, 3 and 4."""

import numpy as np
from mlserver import MLModel
from mlserver.codecs import Base64Codec, NumpyCodec
from mlserver.types import InferenceRequest, InferenceResponse


class Bytes(MLModel):
    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        pictures = self.decode(payload.inputs[0], default_codec=Base64Codec)
        scores = np.array([[picture[0] % (c + 2) for c in range(3)] for picture in pictures], dtype=np.float32)
        return InferenceResponse(model_name=self.name, outputs=[NumpyCodec.encode_output("scores", scores)])
