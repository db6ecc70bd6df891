"""Opens a Backupy backup without Backupy: the second description of the format, to be read beside docs/format.md.
    recover.py --identity key.txt [--decompress] shop.dump.zst.backupy shop.dump     (format v2)
    recover.py --token token.txt  [--decompress] backup.enc shop.dump                (formats v1 and v2)
Needs Python 3.8 and `cryptography` 40 or newer, and for --decompress the program zstd or gzip. It opens no socket.
OUT appears only once every byte of IN was proven. Exit status: 0 done, 1 failed, 2 wrong usage. Below, "§"
is a section of docs/format.md; "C2SP" is https://c2sp.org/age and https://c2sp.org/chunked-encryption."""
import argparse, base64, hashlib, hmac, itertools, json, os, pathlib, re, subprocess, sys, tempfile, time
from urllib.parse import quote, unquote
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

NAMES = ["run", "job", "engine", "engine_version", "compression", "created"]  # §2.1, in this order; only job is optional
PLAIN = "".join(chr(c) for c in range(0x20, 0x7F) if chr(c) != "%")  # §2.1: a value's other bytes are %XX, in capitals
VALUE = re.compile("([a-z_]+): ([ -~]*)\n")
STANZA = re.compile("-> ([!-~]+(?: [!-~]+)*)\n((?:[A-Za-z0-9+/]{64}\n)*[A-Za-z0-9+/]{0,63}\n)")  # C2SP age
TIME = re.compile("[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3])(:[0-5][0-9]){2}Z")

class Refused(Exception):
    """What is wrong, beginning with its code in Backupy's own errors and in the test vectors."""

def need(condition, code, message):
    if not condition:
        raise Refused(f"format.{code}: {message}")

def opened(cipher, nonce, data, code, message):  # associated data is empty everywhere in the format
    try:
        return cipher.decrypt(nonce, data, None)
    except InvalidTag:
        raise Refused(f"format.{code}: {message}") from None

def unbase64(text):
    """Base64 without padding, canonical only (C2SP age, "Conventions"); None for anything else."""
    is_form = re.fullmatch("[A-Za-z0-9+/]*", text) and len(text) % 4 != 1
    raw = base64.b64decode(text + "==") if is_form else b""
    return raw if base64.b64encode(raw).decode().rstrip("=") == text else None

def read_identities(text):
    """The private keys in a file of age-keygen; lines with # are comments."""
    lines = [line for line in map(str.strip, text.splitlines()) if line and line[0] != "#"]
    need(lines, "no_identity", "the identity file holds no private key")
    return [private_key(line) for line in lines]

def private_key(line):
    """C2SP age. A private key in its form: the Bech32 text (BIP 173) of 32 bytes, in capitals."""
    is_form = re.fullmatch("AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}", line)
    need(is_form, "bad_identity", "a line of the identity file is not an X25519 private key")
    prefix, data = b"age-secret-key-", ["QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L".index(c) for c in line[16:]]
    check, number = 1, int("".join(format(value, "05b") for value in data[:52]), 2)  # 260 bits
    for value in [c >> 5 for c in prefix] + [0] + [c & 31 for c in prefix] + data:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= generator if top >> bit & 1 else 0
    need(check == 1 and not number & 15, "bad_identity", "a private key of the identity file has a typing error")
    return X25519PrivateKey.from_private_bytes((number >> 4).to_bytes(32, "big"))

def read_token(text, now):
    """§4. The claims of a decryption token, with the key in "dek". Its signature can't be checked by who reads offline."""
    parts = "".join(text.split()).split(".")
    decoded = [unbase64(part.translate({43: "*", 47: "*", 45: "+", 95: "/"})) for part in parts]  # base64url
    need(len(parts) == 3 and all(decoded), "bad_token", "the token is not three parts in base64url with dots between them")
    try:
        head, token = json.loads(decoded[0]), json.loads(decoded[1])
        good = {name: isinstance(token[name], str) for name in ("sub", "run_id", "company_id")}
        good["iss"], good["iat"] = token["iss"] == "backupy-server", type(token["iat"]) in (int, float)
        good["aud"], good["header's alg"] = "backupy-decrypt" in (token["aud"], *token["aud"]), head["alg"] == "HS256"
        good["alg"], good["format_version"] = token["alg"] == "AES-256-GCM", repr(token["format_version"]) in ("1", "2")
        good["sha256"] = re.fullmatch("([0-9a-fA-F]{64})?", token["sha256"])
        need(all(good.values()), "bad_token", f"not what they must be: {[name for name in good if not good[name]]}")
        need(token["exp"] > now, "expired_token", "the token has expired: ask for a new one")
        token["dek"] = base64.b64decode(token["dek"], validate=True)  # standard base64, with its padding
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(f"format.bad_token: a claim is missing, or not what it must be ({error})") from None
    need(len(token["dek"]) == 32, "bad_token", "the token's key does not have 32 bytes")
    return token

def open_v1(read, dek, write):
    """Writes the plaintext. Frames that were dropped, repeated or swapped are not noticed here, only by the SHA-256."""
    for number in itertools.count():
        field = read(4)
        need(len(field) == 4, "truncated", "the stream ends without its terminator: resume the download")
        length = int.from_bytes(field, "big")
        if length == 0:  # the terminator
            return need(not read(1), "trailing_bytes", "there are bytes behind the terminator")
        need(length >= 12 + 16, "frame_too_short", f"frame {number} of {length} bytes is too short")
        need(length <= 12 + (1 << 20) + 16, "frame_too_long", f"frame {number} of {length} bytes is too long")
        frame = read(length)  # nonce, ciphertext, tag
        need(len(frame) == length, "truncated", f"the stream ends inside frame {number}: resume the download")
        write(opened(AESGCM(dek), frame[:12], frame[12:], "frame_not_authentic", f"frame {number}: changed, or another key's"))

def read_header(read):
    """§2.1 to §2.3: (all bytes of the header, its values by name, its stanzas as (words, body), its MAC)."""
    head = bytearray(read(10))
    need(head == b"backupy/2\n", "not_v2", "this doesn't begin as a backup in format v2")
    while head[-1:] != b"\n" or head[head.rfind(b"\n", 0, -1) + 1:][:3] != b"---":
        need(len(head) < 65536, "header_too_large", "the header has more than 64 KiB")
        byte = read(1)
        need(byte, "truncated", "the header is cut: resume the download")
        head += byte
    text, at, values, stanzas = head.decode("latin-1"), 10, {}, []
    while found := VALUE.match(text, at):
        name, value, at = found[1], unquote(found[2]), found.end()
        need(name in NAMES and quote(value, safe=PLAIN) == found[2], "bad_header_line", f"{found[0]!r} can't be read")
        need(name not in values, "duplicate_name", f"the header says {name} twice")
        values[name] = value
    need(text.startswith(("->", "---"), at), "bad_header_line", "a line of the header can't be read")
    need({*values, "job"} == {*NAMES}, "missing_name", f"the header doesn't say {[n for n in NAMES if n not in values]}")
    need(list(values) == [n for n in NAMES if n in values], "bad_header_line", "the header's lines are not in their order")
    is_good = TIME.fullmatch(values["created"]) and values["compression"] in ("zstd", "gzip", "none")
    need(is_good, "bad_value", "the header's time or compression is not one")
    while text.startswith("->", at):
        found = STANZA.match(text, at)
        words, body = (found[1].split(" "), unbase64(found[2].replace("\n", ""))) if found else ([], None)
        if words[:1] == ["X25519"]:  # C2SP age, "X25519 recipient stanza": one argument of 32 bytes; here, a body of 32 + 16
            body = body if len(words) == 2 and len(unbase64(words[1]) or b"") == 32 and len(body or b"") == 48 else None
        need(body is not None, "bad_stanza", f"the recipient {len(stanzas) + 1} of the header can't be read")
        stanzas, at = [*stanzas, (words, body)], found.end()
    need(stanzas, "no_recipient", "the header names no recipient")
    found = re.compile("--- ([A-Za-z0-9+/]{43})\n").fullmatch(text, at)
    need(found and unbase64(found[1]), "bad_header_line", "behind the recipients stands something else than the MAC")
    return head, values, stanzas, unbase64(found[1])

def unwrap(stanzas, identities):
    """§2.2: the DEK, from the first stanza that an identity opens. Stanzas of other types are for others."""
    for identity, (words, body) in itertools.product(identities, [s for s in stanzas if s[0][0] == "X25519"]):
        try:  # ValueError: a shared secret of zeros, which only a forged share gives
            public, share = identity.public_key().public_bytes_raw(), unbase64(words[1])
            secret = identity.exchange(X25519PublicKey.from_public_bytes(share))
            key = HKDF(hashes.SHA256(), 32, share + public, b"age-encryption.org/v1/X25519").derive(secret)
            return ChaCha20Poly1305(key).decrypt(bytes(12), body, None)
        except (InvalidTag, ValueError):
            continue
    raise Refused(f"format.no_identity_matches: no given identity is among the {len(stanzas)} that can open this backup")

def open_v2(read, write, dek=None, identities=()):
    """Writes the plaintext; returns the name of its compression. Header and commitment are proven before the first byte."""
    head, values, stanzas, mac = read_header(read)
    dek = dek or unwrap(stanzas, identities)
    mac_key = HKDF(hashes.SHA256(), 32, None, b"backupy/2 header").derive(dek)
    covered = head[:head.rindex(b"\n---") + 4]  # §2.3: all before the MAC, up to and including "---"
    need(hmac.compare_digest(hmac.digest(mac_key, covered, "sha256"), mac), "header_not_authentic", "the header was changed")
    # §2.4; C2SP chunked-encryption, Cobblestone-256. The first line and the identity lines are bound into the key.
    context = b"backupy/2" + hashlib.sha256(head[:head.index(b"\n->") + 1]).digest()
    preamble = read(24 + 32)
    need(len(preamble) == 56, "truncated", "the data is cut before its first chunk: resume the download")
    info = b"c2sp.org/chunked-encryption@v1+" + b"AEAD_AES_256_GCM" + b"\0" + preamble[:24] + context
    derived = HKDFExpand(hashes.SHA512(), 32 + 12 + 32, info).derive(dek)
    cipher, base_nonce, commitment = AESGCM(derived[:32]), int.from_bytes(derived[32:44], "big"), derived[44:]
    need(hmac.compare_digest(commitment, preamble[24:]), "wrong_commitment", "the data belongs to another key or header")
    for number in itertools.count():
        chunk = read(16384 + 16)
        need(len(chunk) >= 16 and number < 1 << 38, "truncated", f"the data is cut in chunk {number}: resume the download")
        nonce = (base_nonce ^ number).to_bytes(12, "big")
        write(opened(cipher, nonce, chunk, "chunk_not_authentic", f"chunk {number} was changed, moved or cut"))
        if len(chunk) < 16384 + 16:  # the last is always shorter, so an end at a chunk's border is a cut
            return values["compression"]

def decompress(path, tool):
    """The path of what is inside, by the program that the header names; v1 names none, so its first bytes tell."""
    with open(path, "rb", buffering=0) as packed, open(path + ".out", "xb") as out:
        first = os.pread(packed.fileno(), 4, 0)
        tool = tool or ("zstd" if first == b"\x28\xb5\x2f\xfd" else "gzip" if first[:2] == b"\x1f\x8b" else "none")
        done = subprocess.run(["cat"] if tool == "none" else [tool, "-dcq"], stdin=packed, stdout=out)
        need(done.returncode == 0, "bad_compressed_data", f"the {tool} data is damaged")
    return path + ".out"

def recover(args):
    need(not os.path.lexists(args.OUT), "exists", "OUT is there already: give another name")
    text = pathlib.Path(args.token or args.identity).read_text(encoding="utf-8", errors="replace")
    token, keys = (read_token(text, time.time()), ()) if args.token else ({"sha256": "", "dek": None}, read_identities(text))
    is_v1 = token.get("format_version") == 1
    if is_v1 and not token["sha256"]:
        print("warning: the token has no SHA-256: frames dropped, repeated or swapped are not noticed", file=sys.stderr)
    os.umask(0o077)
    with tempfile.TemporaryDirectory(dir=os.path.dirname(os.path.abspath(args.OUT))) as folder, open(args.IN, "rb") as stored:
        digest, path = hashlib.sha256(), os.path.join(folder, "out")
        def read(size):
            data = stored.read(size)
            digest.update(data)
            return data
        with open(path, "xb") as out:
            tool = open_v1(read, token["dek"], out.write) if is_v1 else open_v2(read, out.write, token["dek"], keys)
        need(token["sha256"].lower() in ("", digest.hexdigest()), "hash_mismatch", "wrong SHA-256: download IN again")
        path = decompress(path, tool) if args.decompress else path
        os.fsync(os.open(path, os.O_RDONLY))
        os.rename(path, args.OUT)

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument("--identity", metavar="KEYFILE")
    group.add_argument("--token", metavar="FILE")
    parser.add_argument("--decompress", action="store_true")
    parser.add_argument("IN"), parser.add_argument("OUT")
    try:
        recover(parser.parse_args())
    except (Refused, OSError) as error:
        sys.exit(f"error: {error}")
