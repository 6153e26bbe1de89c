#!/usr/bin/env python3
"""Screens names over mutual TLS with a bearer token, as a stranger would: with Python's grpcio alone.

    grpcio_mtls.py HOST:PORT --folder DIR --token-file FILE [--certificate-is-optional] [NAME ...]

The folder holds authority.pem, client.pem and client.key. Needs `pip install grpcio grpcio-reflection protobuf` and
none of zeef's files. Also tries to get in without the token and without the certificate, and writes what it saw as
one JSON object. Exits with 1 when it is let in where it must not be.
"""

import argparse
import json
import pathlib

import grpc
from google.protobuf import json_format, message_factory
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)


class Token(grpc.AuthMetadataPlugin):
    """Sends the token with every call. Only over TLS: grpcio refuses it elsewhere."""

    def __init__(self, token):
        self.token = token

    def __call__(self, context, callback):
        callback((("authorization", f"Bearer {self.token}"),), None)


def code_of(call):
    try:
        call()
        return "OK"
    except grpc.RpcError as error:
        return error.code().name


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("address")
    arguments.add_argument("--folder", type=pathlib.Path, required=True)
    arguments.add_argument("--token-file", type=pathlib.Path, required=True)
    arguments.add_argument("--certificate-is-optional", action="store_true")
    arguments.add_argument("names", nargs="*")
    given = arguments.parse_intermixed_args()

    read = lambda name: (given.folder / name).read_bytes()
    authority = read("authority.pem")
    mutual = grpc.ssl_channel_credentials(authority, read("client.key"), read("client.pem"))
    token = grpc.metadata_call_credentials(Token(given.token_file.read_text().strip()))
    seen = {"screened": []}

    with grpc.secure_channel(given.address, grpc.composite_channel_credentials(mutual, token)) as channel:
        pool = DescriptorPool(ProtoReflectionDescriptorDatabase(channel))
        message = lambda name: message_factory.GetMessageClass(pool.FindMessageTypeByName(name))
        request, response = message("zeef.v1.ScreenRequest"), message("zeef.v1.ScreenResponse")
        path = "/zeef.v1.ScreeningService/Screen"
        stub = lambda channel: channel.unary_unary(path, request.SerializeToString, response.FromString)
        for name in given.names:
            answer = stub(channel)(request(subject={"name": name}), timeout=30)
            hits = [hit["name"] for hit in json_format.MessageToDict(answer)["answer"].get("hits", [])]
            seen["screened"].append({"name": name, "hits": hits})

    question = request(subject={"name": "Testname Example"})
    with grpc.secure_channel(given.address, mutual) as channel:
        seen["without_token"] = code_of(lambda: stub(channel)(question, timeout=30))
    alone = grpc.composite_channel_credentials(grpc.ssl_channel_credentials(authority), token)
    with grpc.secure_channel(given.address, alone) as channel:
        seen["without_certificate"] = code_of(lambda: stub(channel)(question, timeout=5))
    print(json.dumps(seen, ensure_ascii=False))
    assert seen["without_token"] == "UNAUTHENTICATED", seen
    if given.certificate_is_optional:
        assert seen["without_certificate"] == "OK", seen
    else:
        assert seen["without_certificate"] in ("UNAVAILABLE", "DEADLINE_EXCEEDED"), seen


if __name__ == "__main__":
    main()
