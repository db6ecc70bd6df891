#!/usr/bin/env python3
"""Opens a Backupy backup without Backupy: the second description of the format, to be read beside docs/format.md.

    recover.py --identity key.txt [--decompress] shop.dump.zst.backupy shop.dump     (format v2)
    recover.py --token token.txt  [--decompress] backup.enc shop.dump                (formats v1 and v2)

Needs Python 3.8 and the package `cryptography`; --decompress also needs the programs zstd or gzip. It opens no socket.
OUT appears only once every byte of IN was proven. Exit status: 0 done, 1 failed, 2 wrong usage.
In comments, "§" is a section of docs/format.md; "C2SP" is https://c2sp.org/age and https://c2sp.org/chunked-encryption.
"""
import argparse, base64, hashlib, hmac, json, os, re, subprocess, sys, tempfile, time
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

NAMES = ["run", "job", "engine", "engine_version", "compression", "created"]  # §2.1, in this order; only job is optional

class Refused(Exception):
    """What is wrong with the input. `code` is the same as in Backupy's own errors and in the test vectors."""
    def __init__(self, code, message):
        super().__init__(message)
        self.code = code

def need(condition, code, message):
    if not condition:
        raise Refused("format." + code, message)

def unbase64(text):
    """Base64 without padding, canonical only (C2SP age, "Conventions"); None for anything else."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        return None
    return raw if base64.b64encode(raw).decode().rstrip("=") == text else None

def opened(cipher, nonce, data, code, message):
    """What an AEAD cipher opens. Associated data is empty everywhere in the format."""
    try:
        return cipher.decrypt(nonce, data, None)
    except InvalidTag:
        raise Refused("format." + code, message) from None

class Stored:
    """The stored object, read once from its beginning to its end and hashed on the way."""
    def __init__(self, file):
        self.file, self.hash = file, hashlib.sha256()
    def read(self, size, line=False):
        data = self.file.readline(size) if line else self.file.read(size)
        self.hash.update(data)
        return data

# ---- Keys: §2.2 and §4 ------------------------------------------------------------------------------------------------

def bech32_decode(text, prefix):
    """BIP 173 without its limit of length, lower case."""
    alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    data = [alphabet.find(c) for c in text[len(prefix) + 1:]]
    if not text.startswith(prefix + "1") or len(data) < 6 or -1 in data:
        return None
    check = 1
    for value in [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + data:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for i, g in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= g if top >> i & 1 else 0
    bits = "".join(format(value, "05b") for value in data[:-6])
    rest = len(bits) % 8
    if check != 1 or rest >= 5 or "1" in bits[len(bits) - rest:]:
        return None
    return bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits) - rest, 8))

def read_identities(text):
    """The private keys in a file of age-keygen; lines with # are comments."""
    keys = []
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if line and not line.startswith("#"):
            raw = bech32_decode(line.lower(), "age-secret-key-") if line == line.upper() else None
            need(raw and len(raw) == 32, "bad_identity", f"line {number} of the identity file is not an X25519 private key")
            keys.append(X25519PrivateKey.from_private_bytes(raw))
    need(keys, "no_identity", "the identity file holds no private key")
    return keys

def read_token(text, now):
    """§4. The claims of a decryption token, with the key in "dek". Its signature can't be checked by who reads offline."""
    parts = "".join(text.split()).split(".")
    decoded = [unbase64(part.translate({43: "*", 47: "*", 45: "+", 95: "/"})) for part in parts]  # base64url, unpadded
    need(len(parts) == 3 and all(decoded), "bad_token", "it is not three parts in base64url with dots between them")
    try:
        head, token = json.loads(decoded[0]), json.loads(decoded[1])
        need(head["alg"] == "HS256", "bad_token", "its header names another algorithm than HS256")
        need(all(isinstance(token[name], str) for name in ("sub", "run_id", "company_id")), "bad_token", "a claim is not text")
        need(token["iss"] == "backupy-server", "bad_token", "it was not issued by a backupy-server")
        need("backupy-decrypt" in (token["aud"], *token["aud"]), "bad_token", "it is not for reading offline")
        need(token["alg"] == "AES-256-GCM", "bad_token", "it names another cipher than AES-256-GCM")
        need(token["format_version"] in (1, 2), "bad_token", "it is for another format than v1 and v2")
        need(re.fullmatch("([0-9a-fA-F]{64})?", token["sha256"]), "bad_token", "its sha256 is not one")
        need(token["iat"] + 0 < token["exp"] and token["exp"] > now, "expired_token", "it has expired: ask for a new one")
        token["dek"] = base64.b64decode(token["dek"], validate=True)  # standard base64, with its padding
    except (KeyError, TypeError, ValueError) as error:
        raise Refused("format.bad_token", f"a claim is missing or can't be read ({type(error).__name__} {error})") from None
    need(len(token["dek"]) == 32, "bad_token", "its key does not have 32 bytes")
    return token

# ---- Format v1: §3 ----------------------------------------------------------------------------------------------------

def open_v1(stored, dek, write):
    cipher, number = AESGCM(dek), 0
    while True:
        field = stored.read(4)
        need(len(field) == 4, "truncated", "the stream ends without its terminator: resume the download")
        length = int.from_bytes(field, "big")
        if length == 0:  # the terminator
            break
        need(length >= 12 + 16, "frame_too_short", f"frame {number} of {length} bytes is too short to be one")
        need(length <= 12 + (1 << 20) + 16, "frame_too_long", f"frame {number} of {length} bytes is too long to be one")
        frame = stored.read(length)
        need(len(frame) == length, "truncated", f"the stream ends inside frame {number}: resume the download")
        write(opened(cipher, frame[:12], frame[12:], "frame_not_authentic", f"frame {number} was changed, or has another key"))
        number += 1
    need(not stored.read(1), "trailing_bytes", "there are bytes behind the terminator")

# ---- Format v2: §2 ----------------------------------------------------------------------------------------------------

def read_header(stored):
    """§2.1 to §2.3: (all bytes of the header, its identity by name, its stanzas as (words, body), its MAC)."""
    head = line = stored.read(10)
    need(head == b"backupy/2\n", "not_v2", "this doesn't begin as a backup in format v2")
    while not line.startswith(b"---"):
        line = stored.read(65536 - len(head), line=True)
        head += line
        code = "header_too_large" if len(head) == 65536 else "truncated"
        need(line.endswith(b"\n"), code, "the header has more than 64 KiB, or it is cut: resume the download")
    need(all(0x20 <= b <= 0x7E or b == 0x0A for b in head), "bad_header_line", "a byte of the header is not printable ASCII")
    lines, values, stanzas, at = head.decode().split("\n")[:-1], {}, [], 1
    while not lines[at].startswith(("->", "---")):
        name, colon, text = lines[at].partition(": ")
        # Bytes outside of 0x20…0x7e, and '%', are %XX with capitals, and nothing else is: one value has one text.
        raw = re.sub(rb"%([0-9A-F]{2})", lambda m: bytes([int(m[1], 16)]), text.encode())
        again = "".join(chr(b) if 0x20 <= b <= 0x7E and b != 0x25 else f"%{b:02X}" for b in raw)
        is_text = raw.decode(errors="ignore").encode() == raw
        need(colon and name in NAMES and again == text and is_text, "bad_header_line", f"line {at + 1} can't be read")
        need(name not in values, "duplicate_name", f"the header says {name} twice")
        values[name] = raw.decode()
        at += 1
    for name in NAMES:
        need(name in values or name == "job", "missing_name", f"the header doesn't say {name}")
    need(list(values) == [n for n in NAMES if n in values], "bad_header_line", "the header's lines are not in their order")
    need(values["compression"] in ("zstd", "gzip", "none"), "bad_value", "the header names an unknown compression")
    need(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", values["created"]), "bad_value", "the header's time is not one")
    while lines[at].startswith("->"):
        start, words, text, line = at + 1, lines[at].split(" "), "", None
        bad = f"the recipient in line {start} of the header can't be read"
        need(len(words) >= 2 and words[0] == "->" and all(words), "bad_stanza", bad)
        while line is None or len(line) == 64:  # the last line of a body is shorter, and may be empty
            at += 1
            line = lines[at]
            need(len(line) <= 64 and not line.startswith("-"), "bad_stanza", bad)
            text += line
        at, body = at + 1, unbase64(text)
        need(body is not None, "bad_stanza", bad)
        if words[1] == "X25519":  # C2SP age, "X25519 recipient stanza": one argument of 32 bytes; here, a body of 32 + 16
            share = unbase64(words[2]) if len(words) == 3 else None
            need(share is not None and len(share) == 32 and len(body) == 48, "bad_stanza", bad)
        stanzas.append((words[1:], body))
    need(stanzas, "no_recipient", "the header names no recipient")
    mac = unbase64(lines[at][4:]) if at == len(lines) - 1 and lines[at].startswith("--- ") else None
    need(mac is not None and len(mac) == 32, "bad_header_line", f"line {at + 1} of the header can't be read")
    return head, values, stanzas, mac

def unwrap(stanzas, identities):
    """§2.2: the DEK, from the first stanza that an identity opens. Stanzas of other types are for others."""
    for identity in identities:
        public = identity.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        for words, body in stanzas:
            if words[0] == "X25519":
                share = unbase64(words[1])
                try:  # ValueError: a shared secret of zeros, which only a forged share gives
                    secret = identity.exchange(X25519PublicKey.from_public_bytes(share))
                    key = HKDF(hashes.SHA256(), 32, share + public, b"age-encryption.org/v1/X25519").derive(secret)
                    return ChaCha20Poly1305(key).decrypt(bytes(12), body, None)
                except (InvalidTag, ValueError):
                    continue
    raise Refused("format.no_identity_matches", f"no given identity is among the {len(stanzas)} that can open this backup")

def open_v2(stored, write, dek=None, identities=()):
    """Writes the plaintext; returns the name of its compression. Header and commitment are proven before the first byte."""
    head, values, stanzas, mac = read_header(stored)
    dek = dek or unwrap(stanzas, identities)
    mac_key = HKDF(hashes.SHA256(), 32, None, b"backupy/2 header").derive(dek)
    covered = head[:head.rindex(b"\n---") + 4]  # §2.3: all before the MAC, up to and including "---"
    need(hmac.compare_digest(hmac.digest(mac_key, covered, "sha256"), mac), "header_not_authentic", "the header was changed")
    # §2.4 and C2SP chunked-encryption, Cobblestone-256: the first line and the identity lines are bound into the key.
    context = b"backupy/2" + hashlib.sha256(head[:head.index(b"\n->") + 1]).digest()
    preamble = stored.read(24 + 32)
    need(len(preamble) == 56, "truncated", "the data is cut before its first chunk: resume the download")
    info = b"c2sp.org/chunked-encryption@v1+" + b"AEAD_AES_256_GCM" + b"\0" + preamble[:24] + context
    derived = HKDFExpand(hashes.SHA512(), 32 + 12 + 32, info).derive(dek)
    cipher, base_nonce, commitment = AESGCM(derived[:32]), int.from_bytes(derived[32:44], "big"), derived[44:]
    need(hmac.compare_digest(commitment, preamble[24:]), "wrong_commitment", "the data belongs to another key or header")
    number, size = 0, 16384 + 16
    while size == 16384 + 16:  # §2.4: the last chunk is always shorter, so an end at a chunk's border is a cut
        chunk = stored.read(16384 + 16)
        size = len(chunk)
        need(size >= 16, "truncated", f"the data is cut in chunk {number}: resume the download")
        need(number < 1 << 38, "trailing_bytes", "there are more chunks than there may be")
        nonce = (base_nonce ^ number).to_bytes(12, "big")
        write(opened(cipher, nonce, chunk, "chunk_not_authentic", f"chunk {number} was changed, moved or cut"))
        number += 1
    return values["compression"]
