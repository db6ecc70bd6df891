"""A stand-in for mongosh where the real one can't be had: it reads the statements that Backupy says, and answers them over pymongo.
No JavaScript: it is no proof for the real one."""

import json
import re
import sys

import pymongo
from bson import json_util

TEXT = r'("(?:[^"\\]|\\.)*")'
client = None
assert sys.argv[1:] == ["--nodb", "--quiet", "--norc"], sys.argv
for line in sys.stdin:
    mark = re.search(rf"print\({TEXT} \+ {TEXT} \+ ", line)
    if not mark:
        continue
    try:
        if match := re.search(rf"new Mongo\({TEXT}\)", line):
            client = pymongo.MongoClient(json.loads(match[1]), serverSelectionTimeoutMS=5000)
            client.admin.command("ping")
            answer = {}
        else:
            match = re.search(rf"getDB\({TEXT}\)\.runCommand\(backupyParse\({TEXT}\)\)", line)
            command = json_util.loads(json.loads(match[2]))
            answer = client[json.loads(match[1])].command(command)
    except pymongo.errors.OperationFailure as error:
        answer = {"code": error.code, "backupyFailure": "MongoServerError", "message": str(error)}
    except pymongo.errors.PyMongoError as error:
        answer = {"backupyFailure": "MongoServerSelectionError", "message": str(error)}
    text = json_util.dumps(answer, json_options=json_util.CANONICAL_JSON_OPTIONS)
    # With a prompt before it, as the real one has it where its input is no terminal.
    print("> " + json.loads(mark[1]) + json.loads(mark[2]) + text, flush=True)
