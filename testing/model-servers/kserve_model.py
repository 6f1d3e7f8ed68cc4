"""What scripted.ts answers, as a model of KServe's own server: the first byte of each picture modulo 2, 3 and 4."""

import base64
import sys


import numpy as np
from kserve import InferOutput, InferResponse, Model, ModelServer


class Bytes(Model):
    def __init__(self, name):
        super().__init__(name)
        self.ready = True

    def predict(self, payload, headers=None, response_headers=None):
        given = payload.inputs[0].data
        pictures = [base64.b64decode(one) if isinstance(one, str) else one for one in given]
        scores = np.array([[picture[0] % (c + 2) for c in range(3)] for picture in pictures], dtype=np.float32)
        output = InferOutput("scores", list(scores.shape), "FP32")
        output.set_data_from_numpy(scores, binary_data=False)
        return InferResponse(response_id=payload.id or "1", model_name=self.name, infer_outputs=[output])


ModelServer(http_port=int(sys.argv[1]), enable_grpc=False, workers=1).start([Bytes("gate")])
