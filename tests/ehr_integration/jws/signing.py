"""Keys and tokens for tests, also ones that no library would make."""

import base64
import json
import time
import uuid

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

EC = ec.generate_private_key(ec.SECP384R1())
OTHER_EC = ec.generate_private_key(ec.SECP384R1())
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def jwk(key, kid, algorithm):
    maker = jwt.algorithms.RSAAlgorithm if algorithm.startswith("RS") else jwt.algorithms.ECAlgorithm
    return {**json.loads(maker.to_jwk(key.public_key())), "kid": kid, "alg": algorithm, "use": "sig"}


def claims(**changes):
    now = int(time.time())
    usual = {"iss": "https://ehr.example.org", "aud": "https://tacit.example.org/cds-services", "iat": now}
    return {
        name: value
        for name, value in {**usual, "exp": now + 240, "jti": str(uuid.uuid4()), **changes}.items()
        if value is not None
    }


def token(payload, *, key=EC, algorithm="ES384", kid="one", **header):
    return jwt.encode(payload, key, algorithm=algorithm, headers={"kid": kid, **header} if kid else header)


def unsigned(header, payload):
    return ".".join((_encoded(header), _encoded(payload), ""))


def _encoded(part):
    text = part if isinstance(part, str) else json.dumps(part)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
