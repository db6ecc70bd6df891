"""A stand-in for mongodump and mongorestore where the real ones can't be had: the same command line and the same archive,
over pymongo. Which of the two it is says the name that it is called by."""

import argparse
import base64
import json
import os
import re
import stat
import struct
import sys

import bson
import pymongo
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument

MAGIC, TERMINATOR = struct.pack("<I", 0x8199E26D), b"\xff\xff\xff\xff"
RAW = CodecOptions(document_class=RawBSONDocument)
TABLE = []
for byte in range(256):
    crc = byte
    for _ in range(8):
        crc = crc >> 1 ^ 0xC96C5795D7870F42 if crc & 1 else crc >> 1
    TABLE.append(crc)


def crc64(data, crc=0):
    crc = ~crc & 0xFFFFFFFFFFFFFFFF
    for byte in data:
        crc = TABLE[(crc ^ byte) & 0xFF] ^ crc >> 8
    return ~crc & 0xFFFFFFFFFFFFFFFF


QUIET = False


def say(words):
    """As the real ones: a time, a tab, the words; --quiet takes all of it away, also why they have failed."""
    if not QUIET:
        print(f"2026-01-31T12:00:00.000+0000\t{words}", file=sys.stderr)


def fail(words):
    say(f"Failed: {words}")
    sys.exit(1)


def arguments():
    global QUIET
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", required=True)
    parser.add_argument("--archive", action="store_true")
    for flag in ("--quiet", "--oplog", "--oplogReplay", "--drop", "--stopOnError"):
        parser.add_argument(flag, action="store_true")
    for option in ("--nsInclude", "--nsFrom", "--nsTo"):
        parser.add_argument(option)
    options = parser.parse_args()
    QUIET = options.quiet
    # A file that only we can read, or in a container a pipe that only we have.
    mode = os.stat(options.config).st_mode
    assert stat.S_ISFIFO(mode) or mode & 0o777 == 0o600, "the settings are readable by others"
    assert not any("mongodb://" in value for value in os.environ.values()), "the settings are still a variable"
    text = open(options.config, encoding="utf-8").read()
    options.uri = json.loads(re.fullmatch(r"uri: (.*)\n?", text).group(1))
    return options


def dump(options):
    client = pymongo.MongoClient(options.uri, serverSelectionTimeoutMS=5000)
    database = pymongo.uri_parser.parse_uri(options.uri)["database"]
    names = [database] if database else [n for n in client.list_database_names() if n not in ("config", "local")]
    out = sys.stdout.buffer
    out.write(MAGIC + bson.encode({"concurrent_collections": 4, "version": "0.1", "server_version": client.server_info()["version"],
                                   "tool_version": "100.0.0"}))
    collections = []
    for name in names:
        for entry in client[name].list_collections():
            if entry["name"].startswith("system."):
                continue
            kind = entry.get("type", "collection")
            indexes = [] if kind == "view" else list(client[name][entry["name"]].list_indexes())
            metadata = bson.json_util.dumps({"options": entry.get("options", {}), "indexes": indexes, "type": kind})
            out.write(bson.encode({"db": name, "collection": entry["name"], "metadata": metadata, "size": 0, "type": kind}))
            collections.append((name, entry["name"], kind))
    out.write(TERMINATOR)
    for name, collection, kind in collections:
        if kind == "view":
            continue
        say(f"writing {name}.{collection} to archive on stdout")
        crc, header = 0, bson.encode({"db": name, "collection": collection, "EOF": False, "CRC": bson.Int64(0)})
        block = []
        for document in client[name].get_collection(collection, codec_options=RAW).find():
            crc = crc64(document.raw, crc)
            block.append(document.raw)
            if len(block) == 100:
                out.write(header + b"".join(block) + TERMINATOR)
                block = []
        if block:
            out.write(header + b"".join(block) + TERMINATOR)
        signed = crc - (1 << 64) if crc >> 63 else crc
        out.write(bson.encode({"db": name, "collection": collection, "EOF": True, "CRC": bson.Int64(signed)}) + TERMINATOR)
    if options.oplog:
        # Nothing happened meanwhile.
        out.write(bson.encode({"db": "", "collection": "oplog", "EOF": True, "CRC": bson.Int64(0)}) + TERMINATOR)
    out.flush()


def document(stream):
    head = stream.read(4)
    if len(head) < 4:
        return None
    if head == TERMINATOR:
        return head
    return head + stream.read(struct.unpack("<I", head)[0] - 4)


def restore(options):
    client = pymongo.MongoClient(options.uri, serverSelectionTimeoutMS=5000)
    client.admin.command("ping")
    stream = sys.stdin.buffer
    if stream.read(4) != MAGIC:
        fail("stream or file does not appear to be a mongodump archive")
    document(stream)
    include = options.nsInclude[:-2] if options.nsInclude else None
    target = options.nsTo.split(".")[0] if options.nsTo else None

    def place(name, collection):
        return client[(target or name).replace("\\", "")].get_collection(collection, codec_options=RAW)

    def wanted(name):
        return name == include if include else name != "admin"

    indexes = []
    while (entry := document(stream)) != TERMINATOR:
        entry = bson.decode(entry)
        if not wanted(entry["db"]):
            continue
        collection = place(entry["db"], entry["collection"])
        if options.drop:
            collection.drop()
        metadata = bson.json_util.loads(entry["metadata"])
        collection.database.create_collection(entry["collection"], **metadata["options"])
        indexes.append((collection, [i for i in metadata["indexes"] if i["name"] != "_id_"]))
    has_oplog = False
    while (header := document(stream)) is not None:
        header = bson.decode(header)
        has_oplog = has_oplog or header["db"] == ""
        documents = []
        while (entry := document(stream)) != TERMINATOR:
            documents.append(RawBSONDocument(entry))
        if documents and wanted(header["db"]):
            place(header["db"], header["collection"]).insert_many(documents, bypass_document_validation=True)
    if options.oplogReplay and not has_oplog:
        fail("no oplog file to replay")
    for collection, all_of_them in indexes:
        for index in all_of_them:
            more = {k: v for k, v in index.items() if k not in ("v", "key", "ns")}
            collection.create_index(list(index["key"].items()), **more)


if __name__ == "__main__":
    name = os.path.basename(sys.argv[0]).split(".")[0]
    if "--version" in sys.argv:
        print(f"{name} version: 100.0.0 (a stand-in)")
    else:
        try:
            (dump if name == "mongodump" else restore)(arguments())
        except pymongo.errors.PyMongoError as error:
            fail(error)
