#!/usr/bin/env python3
"""Opens a Backupy backup without Backupy: the second description of the format, to be read beside docs/format.md.

    recover.py --identity key.txt [--decompress] shop.dump.zst.backupy shop.dump     (format v2)
    recover.py --token token.txt  [--decompress] backup.enc shop.dump                (formats v1 and v2)

Needs Python 3.8 and the package `cryptography`; --decompress also needs the programs zstd or gzip. It opens no socket.
OUT appears only once every byte of IN was proven. Exit status: 0 done, 1 failed, 2 wrong usage.
In comments, "§" is a section of docs/format.md; "C2SP" is https://c2sp.org/age and https://c2sp.org/chunked-encryption.
"""
import argparse, base64, hashlib, hmac, io, itertools, json, os, re, subprocess, sys, tempfile, time
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

def opened(cipher, nonce, data, code, message):
    """What an AEAD cipher opens. Associated data is empty everywhere in the format."""
    try:
        return cipher.decrypt(nonce, data, None)
    except InvalidTag:
        raise Refused("format." + code, message) from None

def unbase64(text):
    """Base64 without padding, canonical only (C2SP age, "Conventions"); None for anything else."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        return None
    return raw if base64.b64encode(raw).decode().rstrip("=") == text else None

class Hashed(io.FileIO):
    """A file that hashes what is read of it."""
    hash = None
    def readinto(self, buffer):
        self.hash = self.hash or hashlib.sha256()
        count = super().readinto(buffer)
        self.hash.update(memoryview(buffer)[:count])
        return count

# ---- Keys: §2.2 and §4
def private_key(line):
    """A private key in age's form: the Bech32 text (BIP 173) of 32 bytes, in capitals; None for anything else."""
    if not re.fullmatch("AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}", line):
        return None
    prefix, data = b"age-secret-key-", ["QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L".index(c) for c in line[16:]]
    check, number = 1, 0
    for value in [c >> 5 for c in prefix] + [0] + [c & 31 for c in prefix] + data:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= generator if top >> bit & 1 else 0
    for value in data[:52]:  # 260 bits: 32 bytes and 4 bits of 0; the other 6 characters are the checksum
        number = number << 5 | value
    return X25519PrivateKey.from_private_bytes((number >> 4).to_bytes(32, "big")) if check == 1 and not number & 15 else None

def read_identities(text):
    """The private keys in a file of age-keygen; lines with # are comments."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
    keys = [private_key(line) for line in lines]
    need(keys, "no_identity", "the identity file holds no private key")
    need(all(keys), "bad_identity", "a line of the identity file is not an X25519 private key")
    return keys

def read_token(text, now):
    """§4. The claims of a decryption token, with the key in "dek". Its signature can't be checked by who reads offline."""
    parts = "".join(text.split()).split(".")
    decoded = [unbase64(part.translate({43: "*", 47: "*", 45: "+", 95: "/"})) for part in parts]  # base64url
    need(len(parts) == 3 and all(decoded), "bad_token", "the token is not three parts in base64url with dots between them")
    try:
        head, token = json.loads(decoded[0]), json.loads(decoded[1])
        for name, is_good in (
            ("header's alg", head["alg"] == "HS256"), ("iss", token["iss"] == "backupy-server"),
            ("aud", "backupy-decrypt" in (token["aud"], *token["aud"])), ("sub", isinstance(token["sub"], str)),
            ("iat", isinstance(token["iat"], (int, float))), ("run_id", isinstance(token["run_id"], str)),
            ("company_id", isinstance(token["company_id"], str)), ("alg", token["alg"] == "AES-256-GCM"),
            ("format_version", token["format_version"] in (1, 2)),
            ("sha256", re.fullmatch("([0-9a-fA-F]{64})?", token["sha256"])),
        ):
            need(is_good, "bad_token", f"the token's {name} is not what it must be")
        need(token["exp"] > now, "expired_token", "the token has expired: ask for a new one")
        token["dek"] = base64.b64decode(token["dek"], validate=True)  # standard base64, with its padding
    except (KeyError, TypeError, ValueError) as error:
        raise Refused("format.bad_token", f"a claim of the token is missing, or not what it must be ({error})") from None
    need(len(token["dek"]) == 32, "bad_token", "the token's key does not have 32 bytes")
    return token

# ---- Format v1: §3
def open_v1(stored, dek, write):
    """Writes the plaintext. Frames that were dropped, repeated or swapped are not noticed here, only by the SHA-256."""
    cipher, number, length = AESGCM(dek), 0, None
    while length != 0:  # a length of 0 is the terminator
        field = stored.read(4)
        need(len(field) == 4, "truncated", "the stream ends without its terminator: resume the download")
        length = int.from_bytes(field, "big")
        need(length == 0 or length >= 12 + 16, "frame_too_short", f"frame {number} of {length} bytes is too short")
        need(length <= 12 + (1 << 20) + 16, "frame_too_long", f"frame {number} of {length} bytes is too long")
        frame = stored.read(length)
        need(len(frame) == length, "truncated", f"the stream ends inside frame {number}: resume the download")
        if frame:  # nonce, ciphertext, tag
            write(opened(cipher, frame[:12], frame[12:], "frame_not_authentic", f"frame {number}: changed, or another key's"))
            number += 1
    need(not stored.read(1), "trailing_bytes", "there are bytes behind the terminator")

# ---- Format v2: §2
def read_header(stored):
    """§2.1 to §2.3: (all bytes of the header, its values by name, its stanzas as (words, body), its MAC)."""
    head = line = stored.read(10)
    need(head == b"backupy/2\n", "not_v2", "this doesn't begin as a backup in format v2")
    while not line.startswith(b"---"):
        line = stored.readline(65536 - len(head))
        head += line
        code = "header_too_large" if len(head) == 65536 else "truncated"
        need(line.endswith(b"\n"), code, "the header has more than 64 KiB, or it is cut: resume the download")
    need(all(0x20 <= b <= 0x7E or b == 0x0A for b in head), "bad_header_line", "a byte of the header is not printable ASCII")
    lines, values, stanzas, at = head.decode().split("\n")[:-1], {}, [], 1
    while not lines[at].startswith(("->", "---")):
        name, colon, text = lines[at].partition(": ")
        # Bytes outside of 0x20…0x7e, and '%', are %XX in capitals, and nothing else is: one value has one text.
        raw = re.sub(rb"%([0-9A-F]{2})", lambda match: bytes([int(match[1], 16)]), text.encode())
        again = "".join(chr(b) if 0x20 <= b <= 0x7E and b != 0x25 else f"%{b:02X}" for b in raw)
        is_text = again == text and raw.decode(errors="ignore").encode() == raw
        need(colon and name in NAMES and is_text, "bad_header_line", f"line {at + 1} of the header can't be read")
        need(name not in values, "duplicate_name", f"the header says {name} twice")
        values[name] = raw.decode()
        at += 1
    for name in NAMES:
        need(name in values or name == "job", "missing_name", f"the header doesn't say {name}")
    need(list(values) == [n for n in NAMES if n in values], "bad_header_line", "the header's lines are not in their order")
    need(values["compression"] in ("zstd", "gzip", "none"), "bad_value", "the header names an unknown compression")
    need(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", values["created"]), "bad_value", "the header's time is not one")
    while lines[at].startswith("->"):
        words, text, line, bad = lines[at].split(" "), "", None, f"the recipient in line {at + 1} can't be read"
        need(len(words) >= 2 and words[0] == "->" and all(words), "bad_stanza", bad)
        while line is None or len(line) == 64:  # the last line of a body is shorter, and may be empty
            at, line = at + 1, lines[at + 1]
            need(len(line) <= 64 and not line.startswith("-"), "bad_stanza", bad)
            text += line
        at, body = at + 1, unbase64(text)
        need(body is not None, "bad_stanza", bad)
        if words[1] == "X25519":  # C2SP age, "X25519 recipient stanza": one argument of 32 bytes; here, a body of 32 + 16
            need(len(words) == 3 and len(unbase64(words[2]) or b"") == 32 and len(body) == 48, "bad_stanza", bad)
        stanzas.append((words[1:], body))
    need(stanzas, "no_recipient", "the header names no recipient")
    mac = unbase64(lines[at][4:]) if at == len(lines) - 1 and lines[at].startswith("--- ") else None
    need(mac is not None and len(mac) == 32, "bad_header_line", f"line {at + 1} of the header can't be read")
    return head, values, stanzas, mac

def unwrap(stanzas, identities):
    """§2.2: the DEK, from the first stanza that an identity opens. Stanzas of other types are for others."""
    for identity, (words, body) in itertools.product(identities, stanzas):
        if words[0] == "X25519":
            public = identity.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
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
    # §2.4; C2SP chunked-encryption, Cobblestone-256. The first line and the identity lines are bound into the key.
    context = b"backupy/2" + hashlib.sha256(head[:head.index(b"\n->") + 1]).digest()
    preamble = stored.read(24 + 32)
    need(len(preamble) == 56, "truncated", "the data is cut before its first chunk: resume the download")
    info = b"c2sp.org/chunked-encryption@v1+" + b"AEAD_AES_256_GCM" + b"\0" + preamble[:24] + context
    derived = HKDFExpand(hashes.SHA512(), 32 + 12 + 32, info).derive(dek)
    cipher, base_nonce, commitment = AESGCM(derived[:32]), int.from_bytes(derived[32:44], "big"), derived[44:]
    need(hmac.compare_digest(commitment, preamble[24:]), "wrong_commitment", "the data belongs to another key or header")
    number, size = 0, 16384 + 16
    while size == 16384 + 16:  # the last chunk is always shorter, so an end at a chunk's border is a cut
        chunk = stored.read(16384 + 16)
        size = len(chunk)
        need(size >= 16 and number < 1 << 38, "truncated", f"the data is cut in chunk {number}: resume the download")
        nonce = (base_nonce ^ number).to_bytes(12, "big")
        write(opened(cipher, nonce, chunk, "chunk_not_authentic", f"chunk {number} was changed, moved or cut"))
        number += 1
    return values["compression"]

# ---- The file
def decompress(path, compression):
    """The path of what is inside; v1 doesn't name its compression, so it is recognised by its first bytes."""
    with open(path, "rb") as packed, open(path + ".out", "xb") as out:
        first = packed.read(4)
        found = "zstd" if first == b"\x28\xb5\x2f\xfd" else "gzip" if first[:2] == b"\x1f\x8b" else "none"
        packed.seek(0)
        tool = compression or found
        status = 0 if tool == "none" else subprocess.run([tool, "-dcq"], stdin=packed, stdout=out).returncode
    need(status == 0, "bad_compressed_data", f"the {tool} data is damaged")
    return path if tool == "none" else path + ".out"

def recover(args):
    need(not os.path.lexists(args.OUT), "exists", "OUT is there already: give another name")
    text = open(args.token or args.identity, encoding="utf-8", errors="replace").read()
    token, keys = (read_token(text, time.time()), ()) if args.token else (None, read_identities(text))
    expected = token["sha256"].lower() if token else ""
    if token and token["format_version"] == 1 and not expected:
        print("warning: the token has no SHA-256: frames dropped, repeated or swapped are not noticed", file=sys.stderr)
    os.umask(0o077)
    beside = os.path.dirname(os.path.abspath(args.OUT))
    with tempfile.TemporaryDirectory(prefix=".recover-", dir=beside) as folder, Hashed(args.IN) as raw:
        stored, path, compression = io.BufferedReader(raw), os.path.join(folder, "plain"), None
        with open(path, "xb") as out:
            if token and token["format_version"] == 1:
                open_v1(stored, token["dek"], out.write)
            else:
                compression = open_v2(stored, out.write, token and token["dek"], keys)
        need(not expected or raw.hash.hexdigest() == expected, "hash_mismatch", "wrong SHA-256: download the object again")
        path = decompress(path, compression) if args.decompress else path
        with open(path, "rb") as whole:
            os.fsync(whole.fileno())
        os.rename(path, args.OUT)

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument("--identity", metavar="KEYFILE")
    group.add_argument("--token", metavar="FILE")
    parser.add_argument("--decompress", action="store_true")
    parser.add_argument("IN")
    parser.add_argument("OUT")
    try:
        recover(parser.parse_args())
    except (Refused, OSError) as error:
        sys.exit(f"error: {error}" + (f" [{error.code}]" if isinstance(error, Refused) else ""))
