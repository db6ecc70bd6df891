"""Writes v1.json, v2.json, server.json and tokens.json beside itself, from fixed keys and nonces, and proves them with docs/recover/recover.py.

    python3 make_vectors.py            writes the files, and opens every vector with the independent reader
    python3 make_vectors.py --check    writes nothing: fails when a committed file differs from what would be written

The writer below shares no code with the reader. It is only for tests: its keys are public, and it repeats nonces at will.
"""
import base64, hashlib, hmac, io, itertools, json, pathlib, sys
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

HERE = pathlib.Path(__file__).resolve().parent
CHUNK = 16384
SEALED = CHUNK + 16

# ---- Bytes that are always the same

def fixed(label, size=32):
    return hashlib.shake_256(b"backupy test vector: " + label.encode()).digest(size)

def plain(size):
    """What every vector encrypts: byte i is (7 i + i / 256) mod 251."""
    return bytes((7 * i + (i >> 8)) % 251 for i in range(size))

def b64(data):
    return base64.b64encode(data).decode().rstrip("=")

def bech32(prefix, data):
    bits = "".join(format(byte, "08b") for byte in data)
    values = [int(bits[i:i + 5].ljust(5, "0"), 2) for i in range(0, len(bits), 5)]
    def polymod(numbers):
        check = 1
        for number in numbers:
            top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ number
            for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
                check ^= generator if top >> bit & 1 else 0
        return check ^ 1
    remainder = polymod([ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + values + [0] * 6)
    values += [remainder >> 5 * (5 - i) & 31 for i in range(6)]
    return prefix + "1" + "".join("qpzry9x8gf2tvdw0s3jn54khce6mua7l"[value] for value in values)

SECRETS = {name: fixed(f"identity {name}") for name in ("alice", "bob", "carol")}
IDENTITY = {name: bech32("age-secret-key-", secret).upper() for name, secret in SECRETS.items()}

def public(secret):
    return X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()

RECIPIENT = {name: bech32("age", public(secret)) for name, secret in SECRETS.items()}
DEK, OTHER_DEK, SALT = fixed("dek"), fixed("another dek"), fixed("salt", 24)

# ---- Format v2

RUN = "20260131-235959-k3m7pq"
VALUES = {"run": RUN, "job": "nightly", "engine": "postgresql", "engine_version": "PostgreSQL 17.2", "compression": "none",
          "created": "2026-01-31T23:59:59Z"}

def lines(values):
    return "".join(f"{name}: {value}\n" for name, value in values.items())

def body(data):
    text = b64(data)
    return "".join(text[i:i + 64] + "\n" for i in range(0, len(text) + 1, 64))

def wrap(name, dek=DEK, ephemeral=None):
    secret = ephemeral or fixed(f"ephemeral for {name}")
    share, recipient = public(secret), public(SECRETS[name])
    shared = X25519PrivateKey.from_private_bytes(secret).exchange(X25519PublicKey.from_public_bytes(recipient))
    key = HKDF(hashes.SHA256(), 32, share + recipient, b"age-encryption.org/v1/X25519").derive(shared)
    return f"-> X25519 {b64(share)}\n" + body(ChaCha20Poly1305(key).encrypt(bytes(12), dek, None))

def header(values=VALUES, stanzas=None, dek=DEK, text=None):
    """`text`: everything before the MAC's line, in place of the other arguments."""
    if text is None:
        text = "backupy/2\n" + lines(values) + (wrap("alice", dek) if stanzas is None else stanzas)
    key = HKDF(hashes.SHA256(), 32, None, b"backupy/2 header").derive(dek)
    covered = text.encode("latin-1") + b"---"
    return covered + f" {b64(hmac.digest(key, covered, 'sha256'))}\n".encode()

def chunks(data, values=VALUES, dek=DEK, salt=SALT):
    """[salt and commitment, chunk 0, chunk 1, …]"""
    context = b"backupy/2" + hashlib.sha256(b"backupy/2\n" + lines(values).encode()).digest()
    info = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0" + salt + context
    derived = HKDFExpand(hashes.SHA512(), 76, info).derive(dek)
    base = int.from_bytes(derived[32:44], "big")
    sealed = [
        AESGCM(derived[:32]).encrypt((base ^ number).to_bytes(12, "big"), data[number * CHUNK:(number + 1) * CHUNK], None)
        for number in range(len(data) // CHUNK + 1)]
    return [salt + derived[44:]] + sealed

def v2(data, **kind):
    return header(**kind) + b"".join(chunks(data, kind.get("values", VALUES), kind.get("dek", DEK)))

def flipped(data, at, bit=0):
    changed = bytearray(data)
    changed[at] ^= 1 << bit
    return bytes(changed)

def v2_vectors():
    out = []

    def add(name, comment, file, expect="ok", data=None, seal=None, **unlock):
        vector = {"name": name, "comment": comment, **(unlock or {"identity": IDENTITY["alice"]})}
        if seal:
            vector["seal"] = seal
        if expect == "ok":
            vector["plaintext_size"] = len(data)
            vector["plaintext_sha256"] = hashlib.sha256(data).hexdigest()
            if len(data) <= 64:
                vector["plaintext_hex"] = data.hex()
        vector["file_base64"] = base64.b64encode(file).decode()
        vector["expect"] = expect if expect == "ok" else "format." + expect
        out.append(vector)

    def seal(values=VALUES, *names):
        return {"identity": values, "dek_hex": DEK.hex(), "salt_hex": SALT.hex(), "recipients": [
            {"recipient": RECIPIENT[n], "ephemeral_hex": fixed(f"ephemeral for {n}").hex()} for n in names or ("alice",)]}

    # Good files
    for name, size in (("empty", 0), ("one byte", 1), ("chunk minus one", CHUNK - 1), ("one chunk", CHUNK),
                       ("chunk plus one", CHUNK + 1), ("several chunks", 2 * CHUNK + 100)):
        add(name, f"{size} bytes; the last chunk has {size % CHUNK}", v2(plain(size)), data=plain(size), seal=seal())
    small = v2(plain(20))
    add("by the key", "as a token opens it: with the DEK, without an identity", small, data=plain(20), key_hex=DEK.hex())
    two = wrap("alice") + wrap("bob")
    for name in ("alice", "bob"):
        add(f"two recipients, {name}", "each of them opens it", v2(plain(20), stanzas=two), data=plain(20),
            seal=seal(VALUES, "alice", "bob"), identity=IDENTITY[name])
    jobless = {name: value for name, value in VALUES.items() if name != "job"}
    add("no job", "job is the only line that may be missing", v2(plain(20), values=jobless), data=plain(20), seal=seal(jobless))
    odd = {**VALUES, "job": "50%25 %0Arun: x caf%C3%A9 "}
    add("percent", "a value with %, a line feed, a letter outside of ASCII and a space at its end", v2(plain(20), values=odd),
        data=plain(20), seal={**seal(), "identity": {**VALUES, "job": "50% \nrun: x caf\u00e9 "}})
    others = "-> server kms-1 a/b\n" + body(bytes(40)) + "-> grease\n\n" + "-> long x\n" + body(bytes(96)) + wrap("alice")
    add("other types", "stanzas of unknown types are passed over; bodies of 40, 0 and 96 bytes", v2(plain(20), stanzas=others),
        data=plain(20))
    rekeyed = header(stanzas=wrap("carol")) + b"".join(chunks(plain(20)))
    add("rekeyed", "the payload of 'by the key' under a new header, for another recipient: only stanzas and MAC differ", rekeyed,
        data=plain(20), identity=IDENTITY["carol"])
    padding = 65536 - len(header(stanzas="-> x\n\n" + wrap("alice")))
    stuffing = "-> x " + "y" * (padding - 1) + "\n\n"
    add("largest header", "a header of exactly 64 KiB", v2(plain(1), stanzas=stuffing + wrap("alice")), data=plain(1))

    # Wrong keys
    add("wrong identity", "bob is no recipient", small, "no_identity_matches", identity=IDENTITY["bob"])
    add("wrong key", "another DEK", small, "header_not_authentic", key_hex=OTHER_DEK.hex())
    planted = v2(plain(20), stanzas=wrap("alice", OTHER_DEK))
    add("planted key", "the stanza wraps another DEK than the MAC was made with", planted, "header_not_authentic")
    zeros = f"-> X25519 {b64(bytes(32))}\n" + body(bytes(48))
    add("share of zeros", "a share of small order gives a shared secret of zeros", v2(plain(20), stanzas=zeros),
        "no_identity_matches")

    # One bit
    def at(text):
        return small.index(text)

    def letter(start):
        """The first byte whose lowest bit can change without it ceasing to be base64."""
        return next(place for place in itertools.count(start) if small[place:place + 1].isalnum() and chr(small[place] ^ 1).isalnum())

    share, mac = at(b"-> X25519 ") + 10, at(b"\n--- ") + 5
    payload = small.index(b"\n", mac) + 1
    for name, place, bit, code in (
        ("first line", 3, 0, "not_v2"), ("identity line", at(b"nightly"), 0, "header_not_authentic"),
        ("compression", at(b"none"), 0, "bad_value"), ("share", letter(share), 0, "no_identity_matches"),
        ("stanza type", share - 7, 0, "no_identity_matches"), ("stanza body", letter(share + 50), 0, "no_identity_matches"),
        ("mac", letter(mac), 0, "header_not_authentic"), ("salt", payload, 0, "wrong_commitment"),
        ("commitment", payload + 24, 0, "wrong_commitment"), ("commitment's end", payload + 55, 7, "wrong_commitment"),
        ("ciphertext", payload + 56, 0, "chunk_not_authentic"), ("tag", len(small) - 1, 7, "chunk_not_authentic"),
    ):
        add(f"flipped bit: {name}", f"bit {bit} of byte {place}", flipped(small, place, bit), code)
    by_key = flipped(small, letter(share + 50))
    add("flipped bit: stanza body, by the key", "the MAC covers the stanzas", by_key, "header_not_authentic", key_hex=DEK.hex())

    # Cuts
    for name, size, code in (
        ("nothing", 0, "not_v2"), ("in the first line", 5, "not_v2"), ("before the first line feed", 9, "not_v2"),
        ("after the first line", 10, "truncated"), ("in an identity line", at(b"nightly"), "truncated"),
        ("before the stanza", share - 10, "truncated"), ("in the stanza", share + 20, "truncated"),
        ("in the mac", mac + 20, "truncated"), ("before the mac's line feed", payload - 1, "truncated"),
        ("after the header", payload, "truncated"), ("in the salt", payload + 23, "truncated"),
        ("after the salt", payload + 24, "truncated"), ("in the commitment", payload + 55, "truncated"),
        ("before the chunk", payload + 56, "truncated"), ("in a tag's worth", payload + 56 + 15, "truncated"),
        ("a tag's worth", payload + 56 + 16, "chunk_not_authentic"), ("the last byte", len(small) - 1, "chunk_not_authentic"),
    ):
        add(f"cut: {name}", f"the first {size} of {len(small)} bytes", small[:size], code)
    head = header()
    parts = chunks(plain(CHUNK))
    add("cut: missing final chunk", "ends with a whole chunk: the empty one behind it is missing", head + b"".join(parts[:2]),
        "truncated")
    add("cut: in a whole chunk", "a chunk of 16 KiB without its last byte", head + parts[0] + parts[1][:-1], "chunk_not_authentic")
    empty = header() + b"".join(chunks(b""))
    add("cut: empty file's tag", "an empty plaintext without the last byte of its tag", empty[:-1], "truncated")

    # Moved chunks
    parts = chunks(plain(2 * CHUNK))
    add("reordered", "chunks 1, 0, 2", head + parts[0] + parts[2] + parts[1] + parts[3], "chunk_not_authentic")
    add("dropped", "chunks 1, 2", head + parts[0] + parts[2] + parts[3], "chunk_not_authentic")
    parts = chunks(plain(CHUNK))
    add("duplicated", "chunks 0, 0, 1", head + parts[0] + parts[1] + parts[1] + parts[2], "chunk_not_authentic")
    add("duplicated final", "chunk 1 (empty) twice", head + b"".join(parts) + parts[2], "chunk_not_authentic")
    add("final chunk alone", "chunk 1 (empty) without chunk 0", head + parts[0] + parts[2], "chunk_not_authentic")
    foreign = chunks(plain(20), salt=fixed("another salt", 24))
    add("foreign chunk", "a chunk under the same DEK and another salt", head + chunks(plain(20))[0] + foreign[1], "chunk_not_authentic")
    add("trailing byte", "a byte of 0 behind the last chunk", small + b"\0", "chunk_not_authentic")
    add("trailing file", "the whole file twice", small + small, "chunk_not_authentic")
    add("foreign payload", "a payload under another DEK", head + b"".join(chunks(plain(20), dek=OTHER_DEK)), "wrong_commitment")
    moved = {**VALUES, "run": "20260201-000000-aaaaaa"}
    add("swapped payload", "a payload under the same DEK, for the identity lines of another run",
        head + b"".join(chunks(plain(20), moved)), "wrong_commitment")
    bad_headers(add)
    return out

def bad_headers(add):
    """Headers that a reader refuses though their MAC is good."""
    payload = b"".join(chunks(plain(20)))
    good, stanza = "backupy/2\n" + lines(VALUES), wrap("alice")

    def bad(name, comment, text, code):
        add(name, comment, header(text=text) + payload, code)

    bad("unknown version", "backupy/3", good.replace("/2", "/3", 1) + stanza, "not_v2")
    bad("wrong magic", "an age file's first line", good.replace("backupy/2", "age-encryption.org/v1", 1) + stanza, "not_v2")
    bad("first line with CR", "CR LF", good.replace("\n", "\r\n", 1) + stanza, "not_v2")
    add("format v1", "a stream of format v1", v1_file(plain(20)), "not_v2", key_hex=DEK.hex())
    over = 65537 - len(header(stanzas="-> x\n\n" + stanza))
    bad("header too large", "a header of 64 KiB and one byte", good + "-> x " + "y" * (over - 1) + "\n\n" + stanza, "header_too_large")
    bad("duplicate name", "run twice", good + f"run: {RUN}\n" + stanza, "duplicate_name")
    for name in VALUES:
        if name != "job":
            rest = {n: v for n, v in VALUES.items() if n != name}
            bad(f"missing name: {name}", "the line is not there", "backupy/2\n" + lines(rest) + stanza, "missing_name")
    for name, comment, old, new, code in (
        ("unknown name", "a name that v2 doesn't have", "created:", "color: red\ncreated:", "bad_header_line"),
        ("wrong order", "job before run", f"run: {RUN}\njob: nightly\n", f"job: nightly\nrun: {RUN}\n", "bad_header_line"),
        ("no space", "'job:nightly'", "job: ", "job:", "bad_header_line"), ("no colon", "'job nightly'", "job: ", "job ", "bad_header_line"),
        ("empty line", "between identity lines", "engine:", "\nengine:", "bad_header_line"),
        ("CR", "CR LF at the end of an identity line", "nightly\n", "nightly\r\n", "bad_header_line"),
        ("tab", "a byte below 0x20", "nightly", "night\tly", "bad_header_line"),
        ("raw byte", "a byte above 0x7e", "nightly", "night\xe9", "bad_header_line"),
        ("small hex digits", "%0a, not %0A", "nightly", "night%0aly", "bad_header_line"),
        ("needless percent", "%6E for n", "nightly", "%6Eightly", "bad_header_line"),
        ("lone percent", "% without two digits", "nightly", "nightly%", "bad_header_line"),
        ("not UTF-8", "%FF", "nightly", "night%FF", "bad_header_line"),
        ("unknown compression", "lz4", "compression: none", "compression: lz4", "bad_value"),
        ("no time", "created: yesterday", VALUES["created"], "yesterday", "bad_value"),
    ):
        assert good.count(old) == 1
        bad(name, comment, good.replace(old, new) + stanza, code)
    bad("no recipient", "no stanza", good, "no_recipient")
    share = stanza.split("\n")[0]
    for name, comment, text in (
        ("no type", "'-> ' alone", "-> \n\n"), ("two spaces", "an empty argument", "-> x  y\n\n"),
        ("no short line", "64 columns, and no shorter line behind them", f"{share}\n" + "A" * 64 + "\n"),
        ("long line", "68 columns", "-> x\n" + "A" * 68 + "\n\n"), ("padding", "base64 with =", "-> x\nAA==\n"),
        ("unused bits", "base64 whose unused bits are not 0", "-> x\nAB\n"), ("base64url", "- and _", "-> x\nA_-A\n"),
        ("impossible length", "base64 of 5 characters", "-> x\nAAAAA\n"),
    ):
        bad(f"bad stanza: {name}", comment, good + text + stanza, "bad_stanza")
    bad("line behind the stanzas", "an identity line where a stanza or the MAC must be", good + stanza + "job: x\n", "bad_header_line")
    whole = header()
    mac = whole[whole.index(b"\n--- ") + 5:-1].decode()
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    for name, text in (("padded", mac + "="), ("short", mac[:-1]), ("unused bits", mac[:-1] + last[last.index(mac[-1]) ^ 1]), ("empty", "")):
        add(f"bad mac: {name}", "not 43 canonical base64 characters", whole[:-len(mac) - 1] + text.encode() + b"\n" + payload, "bad_header_line")
    add("bad mac: no space", "'---' and the MAC", whole.replace(b"\n--- ", b"\n---") + payload, "bad_header_line")

# ---- Format v1

def frame(data, number, dek=DEK):
    nonce = fixed(f"nonce {number}", 12)
    return (len(data) + 28).to_bytes(4, "big") + nonce + AESGCM(dek).encrypt(nonce, data, None)

END = bytes(4)
PIECE = 1 << 20

def v1_file(data):
    return b"".join(frame(data[i:i + PIECE], i // PIECE) for i in range(0, len(data), PIECE)) + END

def v1_vectors():
    out = []

    def add(name, comment, file, expect="ok", data=b"", sha256=None, key=DEK, nonces=None):
        vector = {"name": name, "comment": comment, "key_hex": key.hex()}
        if sha256 is not None:
            vector["sha256"] = sha256
        if nonces is not None:
            vector["nonces_hex"] = [fixed(f"nonce {n}", 12).hex() for n in range(nonces)]
        if expect == "ok":
            vector["plaintext_size"] = len(data)
            vector["plaintext_sha256"] = hashlib.sha256(data).hexdigest()
            if len(data) <= 64:
                vector["plaintext_hex"] = data.hex()
        if len(file) <= 4096:
            vector["file_base64"] = base64.b64encode(file).decode()
        else:
            vector["file_sha256"] = hashlib.sha256(file).hexdigest()
        vector["expect"] = expect if expect == "ok" else "format." + expect
        out.append(vector)
        return file

    add("empty", "the terminator alone", v1_file(b""), nonces=0)
    add("one byte", "", v1_file(plain(1)), data=plain(1), nonces=1)
    small = v1_file(plain(20))
    good = hashlib.sha256(small).hexdigest()
    add("twenty bytes", "with the SHA-256 of the stored bytes", small, data=plain(20), nonces=1, sha256=good)
    for name, size in (("piece minus one", PIECE - 1), ("one piece", PIECE), ("piece plus one", PIECE + 1)):
        add(name, f"{size} bytes; the file is too large to stand here: seal the plaintext with the nonces", v1_file(plain(size)),
            data=plain(size), nonces=-(-size // PIECE))
    add("frame of no bytes", "the shortest frame, of 28 bytes: nobody writes it, and nothing forbids it", frame(b"", 0) + END)
    a, b, c = (frame(plain(30)[10 * n:10 * n + 10], n) for n in range(3))
    whole = a + b + c + END
    whole_hash = hashlib.sha256(whole).hexdigest()
    add("three frames", "frames shorter than a piece, to keep the file small", whole, data=plain(30), sha256=whole_hash)
    p = [plain(30)[10 * n:10 * n + 10] for n in range(3)]
    for name, file, data in (("dropped", a + c + END, p[0] + p[2]), ("repeated", a + b + b + c + END, p[0] + p[1] + p[1] + p[2]),
                             ("swapped", b + a + c + END, p[1] + p[0] + p[2]), ("cut at a frame, new terminator", a + END, p[0])):
        add(f"{name}, no hash", "v1 can't see it", file, data=data)
        add(f"{name}, hash", "the SHA-256 of the stored bytes catches it", file, "hash_mismatch", sha256=whole_hash)
    add("wrong hash", "a good stream, the hash of another", small, "hash_mismatch", sha256=whole_hash)
    add("wrong key", "", small, "frame_not_authentic", key=OTHER_DEK)
    for name, place in (("nonce", 4), ("ciphertext", 16), ("tag", 51)):
        add(f"flipped bit: {name}", f"bit 0 of byte {place}", flipped(small, place), "frame_not_authentic")
    add("flipped bit: second frame", "the first is good", a + flipped(b, 20) + END, "frame_not_authentic")
    for name, size in (("nothing", 0), ("in a length", 2), ("after the length", 4), ("in the nonce", 10), ("in the ciphertext", 20),
                       ("in the tag", 51), ("no terminator", 52), ("in the terminator", 55)):
        add(f"cut: {name}", f"the first {size} of {len(small)} bytes", small[:size], "truncated")
    add("trailing byte", "one byte behind the terminator", small + b"\0", "trailing_bytes")
    add("trailing terminator", "a second one", small + END, "trailing_bytes")
    add("trailing frame", "a good frame behind the terminator", a + END + b + END, "trailing_bytes")
    for length, code in ((1, "frame_too_short"), (27, "frame_too_short"), (PIECE + 29, "frame_too_long"), (0xFFFFFFFF, "frame_too_long")):
        add(f"length {length}", "refused before it is read", length.to_bytes(4, "big") + bytes(60), code)
    add(f"length {PIECE + 28}", "the longest there may be, but not there", (PIECE + 28).to_bytes(4, "big") + bytes(60), "truncated")
    add("format v2", "a file of format v2: its first four bytes are no length", v2(plain(1)), "frame_too_long")
    return out

# ---- Tokens

NOW = 1769904000
CLAIMS = {"iss": "backupy-server", "aud": "backupy-decrypt", "sub": "user-1", "iat": NOW - 60, "exp": NOW + 840, "run_id": RUN,
          "company_id": "company-1", "dek": base64.b64encode(DEK).decode(), "alg": "AES-256-GCM", "format_version": 2,
          "sha256": hashlib.sha256(b"stored").hexdigest()}

def url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")

def token_vectors():
    out = []

    def add(name, comment, text, expect="bad_token", claims=None):
        vector = {"name": name, "comment": comment, "token": text, "now": NOW}
        if expect == "ok":
            vector.update(key_hex=DEK.hex(), run_id=claims["run_id"], format_version=claims["format_version"],
                          sha256=claims["sha256"].lower())
        out.append({**vector, "expect": expect if expect == "ok" else "format." + expect})

    def token(claims=CLAIMS, head={"alg": "HS256", "typ": "JWT"}):
        text = url(json.dumps(head).encode()) + "." + url(json.dumps(claims).encode())
        return text + "." + url(hmac.digest(fixed("token secret"), text.encode(), "sha256"))

    for name, change in (("v2", {}), ("v1", {"format_version": 1}), ("no hash", {"sha256": ""}), ("capitals", {"sha256": CLAIMS["sha256"].upper()}),
                         ("several audiences", {"aud": ["other", "backupy-decrypt"]}), ("one second left", {"exp": NOW + 1}),
                         ("an unknown claim", {"jti": "x"})):
        add(name, "good", token({**CLAIMS, **change}), "ok", {**CLAIMS, **change})
    add("other signature", "good for who can't know the secret", token()[:-4] + "AAAA", "ok", CLAIMS)
    add("expired", "a second ago", token({**CLAIMS, "exp": NOW - 1}), "expired_token")
    add("expires now", "exp is the first second in which it is not good", token({**CLAIMS, "exp": NOW}), "expired_token")
    for name in CLAIMS:
        add(f"missing: {name}", "", token({n: v for n, v in CLAIMS.items() if n != name}))
    for number, (name, value) in enumerate((("iss", "other"), ("aud", "other"), ("aud", ["other"]), ("sub", 1), ("iat", "now"), ("exp", "later"), ("alg", "AES-128-GCM"),
                        ("format_version", 0), ("format_version", 3), ("format_version", "2"), ("dek", ""), ("dek", "not base64"),
                        ("dek", base64.b64encode(DEK[:31]).decode()), ("dek", base64.b64encode(DEK + b"x").decode()),
                        ("dek", CLAIMS["dek"].rstrip("=")), ("sha256", "00"), ("sha256", "g" * 64), ("sha256", None))):
        add(f"bad {name} {number}", "not what it must be", token({**CLAIMS, name: value}))
    add("header's alg: none", "an unsigned token", token(head={"alg": "none"}))
    add("header's alg: RS256", "", token(head={"alg": "RS256"}))
    add("header without alg", "", token(head={"typ": "JWT"}))
    parts = token().split(".")
    for name, text in (("empty", ""), ("two parts", ".".join(parts[:2])), ("four parts", token() + ".AAAA"), ("no signature", ".".join(parts[:2]) + "."),
                       ("padding", parts[0] + "." + url(json.dumps({**CLAIMS, "sub": "u"}).encode()) + "=." + parts[2]),
                       ("not JSON", parts[0] + "." + url(b"{") + "." + parts[2]), ("an array", parts[0] + "." + url(b"[1]") + "." + parts[2])):
        add(f"form: {name}", "", text)
    return out

# ---- The control plane's wrapping of a run's key

MASTER, OTHER_MASTER = fixed("master key"), fixed("another master key")

def server_wrapping(master, run):
    return HKDF(hashes.SHA256(), 32, None, b"backupy/2 server wrap" + run.encode()).derive(master)

def server_vectors():
    out = []

    def add(name, wrapped, master=MASTER, key_id="master-1", run=RUN, opens=True):
        out.append({"name": name, "key_id": key_id, "master_hex": master.hex(), "run": run,
                    "stanza": {"type": "server", "arguments": ["master-1"], "body_hex": wrapped.hex()},
                    "dek_hex": DEK.hex() if opens else None})

    good = aes_key_wrap(server_wrapping(MASTER, RUN), DEK)
    add("a run's key", good)
    add("another run's", aes_key_wrap(server_wrapping(MASTER, "r2"), DEK), run="r2")
    add("a run with an empty id", aes_key_wrap(server_wrapping(MASTER, ""), DEK), run="")
    add("a run with an id that is not ASCII", aes_key_wrap(server_wrapping(MASTER, "ночь"), DEK), run="ночь")
    add("moved to another run", good, run="20260131-235959-k3m7pr", opens=False)
    add("another master key", good, master=OTHER_MASTER, opens=False)
    add("the name of another master key", good, key_id="master-2", opens=False)
    add("the first bit flipped", flipped(good, 0), opens=False)
    add("the last bit flipped", flipped(good, len(good) - 1, 7), opens=False)
    add("cut short", good[:-8], opens=False)
    add("nothing", b"", opens=False)
    add("a key of 16 bytes", aes_key_wrap(server_wrapping(MASTER, RUN), DEK[:16]), opens=False)
    add("wrapped without a run", aes_key_wrap(MASTER, DEK), opens=False)
    return out

def server_unwraps(vector):
    """With the library's own unwrapping, and the same derivation read from docs/format.md."""
    wrapping = HKDF(hashes.SHA256(), 32, b"", b"backupy/2 server wrap" + vector["run"].encode("utf-8"))
    try:
        key = aes_key_unwrap(wrapping.derive(bytes.fromhex(vector["master_hex"])), bytes.fromhex(vector["stanza"]["body_hex"]))
    except (InvalidUnwrap, ValueError):
        key = b""
    opens = vector["stanza"]["arguments"] == [vector["key_id"]] and len(key) == 32
    return (key.hex() if opens else None) == vector["dek_hex"]

# ---- Files, and the proof by the independent reader

def proven(recover, name, vector):
    result, want = io.BytesIO(), vector.get("expect")
    try:
        if name == "server.json":
            return server_unwraps(vector)
        if name == "tokens.json":
            token = recover.read_token(vector["token"], vector["now"])
            found = (token["dek"].hex(), token["sha256"].lower(), token["run_id"], token["format_version"])
            return want == "ok" and found == tuple(vector[n] for n in ("key_hex", "sha256", "run_id", "format_version"))
        file = base64.b64decode(vector["file_base64"]) if "file_base64" in vector else v1_file(plain(vector["plaintext_size"]))
        key = bytes.fromhex(vector.get("key_hex", ""))
        if name == "v1.json":
            recover.open_v1(io.BytesIO(file).read, key, result.write)
            if vector.get("sha256", hashlib.sha256(file).hexdigest()) != hashlib.sha256(file).hexdigest():
                return want == "format.hash_mismatch"
        else:
            identities = recover.read_identities(vector["identity"]) if "identity" in vector else ()
            recover.open_v2(io.BytesIO(file).read, result.write, key or None, identities)
        return want == "ok" and hashlib.sha256(result.getvalue()).hexdigest() == vector["plaintext_sha256"]
    except recover.Refused as refusal:
        return str(refusal).split(":")[0] == want

def main():
    sys.path.insert(0, str(HERE.parents[2] / "docs" / "recover"))
    import recover
    failed = 0
    for name, vectors in (("v1.json", v1_vectors()), ("v2.json", v2_vectors()), ("server.json", server_vectors()), ("tokens.json", token_vectors())):
        assert len({vector["name"] for vector in vectors}) == len(vectors)
        text = "[\n" + ",\n".join(json.dumps(vector) for vector in vectors) + "\n]\n"
        if "--check" not in sys.argv:
            (HERE / name).write_text(text)
        elif (HERE / name).read_text() != text:
            failed += 1
            print(f"{name} is not what this script writes")
        for vector in vectors:
            if not proven(recover, name, vector):
                failed += 1
                print(f"{name}: '{vector['name']}' is not {vector.get('expect', 'what it says')}")
        print(f"{name}: {len(vectors)} vectors, {len(text)} bytes")
    sys.exit(1 if failed else 0)

if __name__ == "__main__":
    main()
