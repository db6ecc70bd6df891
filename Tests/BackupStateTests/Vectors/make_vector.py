"""Writes vector.json beside itself: one value, sealed as docs/agent-state.md says. Nothing of this package's code.

    python3 make_vector.py            writes the file
    python3 make_vector.py --check    fails when the committed file differs
"""
import json, pathlib, sys
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

agent_key = "bkpy_test_" + "0123456789abcdefABCDEF0123456789"
bucket, key, value = "queue", "run-данные", b"a RunBackup"
nonce = bytes(range(12))

derived = HKDF(hashes.SHA256(), 32, b"backupy-agent-state-salt", b"backupy-agent/state-v1").derive(agent_key.encode())
sealed = b"\x01" + nonce + AESGCM(derived).encrypt(nonce, value, bucket.encode() + b"\0" + key.encode())

text = json.dumps({
    "agent_key": agent_key, "bucket": bucket, "key": key, "value": value.decode(), "sealed_hex": sealed.hex(),
}, ensure_ascii=False, indent=2) + "\n"
path = pathlib.Path(__file__).resolve().parent / "vector.json"
if "--check" in sys.argv:
    sys.exit(path.read_text(encoding="utf-8") != text)
path.write_text(text, encoding="utf-8")
