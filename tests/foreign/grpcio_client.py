#!/usr/bin/env python3
"""Calls a running zeef as a stranger would: with Python's grpcio and server reflection alone.

    grpcio_client.py HOST:PORT [NAME ...]

Needs `pip install grpcio grpcio-reflection` and none of zeef's files: services and messages are
discovered. Asks for health and lists, screens the names one by one and again over one stream,
cancels a stream, sends a faulty request, lets a deadline pass, and writes what it saw as one JSON
object. Exits with 1 when something differs from what the API promises.
"""

import json
import sys
import time

import grpc
from google.protobuf import json_format, message_factory
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)


class Api:
    """Callable methods of a service, discovered by reflection."""

    def __init__(self, channel):
        self.channel = channel
        self.database = ProtoReflectionDescriptorDatabase(channel)
        self.pool = DescriptorPool(self.database)

    def message(self, name):
        return message_factory.GetMessageClass(self.pool.FindMessageTypeByName(name))

    def call(self, service, method, request, timeout=30, metadata=None):
        found = self.pool.FindServiceByName(service).FindMethodByName(method)
        reply = message_factory.GetMessageClass(found.output_type)
        path = f"/{service}/{method}"
        encode = lambda message: message.SerializeToString()
        if found.client_streaming:
            stub = self.channel.stream_stream(path, encode, reply.FromString)
        else:
            stub = self.channel.unary_unary(path, encode, reply.FromString)
        return stub(request, timeout=timeout, metadata=metadata)


def as_json(message):
    return json_format.MessageToDict(message, preserving_proto_field_name=True)


def refused(call):
    """How a call fails: its code, and whether rich details came with it."""
    try:
        call()
    except grpc.RpcError as error:
        details = [key for key, _ in error.trailing_metadata() or ()]
        return {"code": error.code().name, "rich": "grpc-status-details-bin" in details}
    return {"code": "OK", "rich": False}


def main(address, names):
    with grpc.insecure_channel(address) as channel:
        api = Api(channel)
        seen = {"services": sorted(api.database.get_services())}

        check = api.message("grpc.health.v1.HealthCheckRequest")
        health = api.call("grpc.health.v1.Health", "Check", check(service="zeef.v1.ScreeningService"))
        seen["health"] = as_json(health).get("status")

        lists = api.message("zeef.v1.ListListsRequest")(issue_limit=0, request_id="lists-1")
        seen["lists"] = as_json(api.call("zeef.v1.ListService", "ListLists", lists))

        subject = api.message("zeef.v1.Subject")
        screen = api.message("zeef.v1.ScreenRequest")
        seen["screened"] = []
        for name in names:
            request = screen(subject=subject(name=name), request_id=f"id of {len(seen['screened'])}")
            answer = api.call("zeef.v1.ScreeningService", "Screen", request)
            assert answer.request_id == request.request_id, "the request id was not echoed"
            seen["screened"].append({"name": name, **as_json(answer)})

        item = api.message("zeef.v1.ScreenStreamRequest")
        items = [item(id=str(i), subject=subject(name=name)) for i, name in enumerate(names)]
        items.append(item(id="faulty"))
        answers = list(api.call("zeef.v1.ScreeningService", "ScreenStream", iter(items)))
        assert [a.id for a in answers] == [i.id for i in items], "answers are not in input order"
        assert answers[-1].WhichOneof("result") == "error", "a faulty item has an error of its own"
        for one, streamed in zip(seen["screened"], answers):
            assert one["answer"] == as_json(streamed.answer), "stream and call answer differently"

        # A caller that cancels in the middle of a stream leaves nothing behind.
        def endless():
            while True:
                yield item(id="again", subject=subject(name="Testname Example"))

        def cancel():
            stream = api.call("zeef.v1.ScreeningService", "ScreenStream", endless())
            next(stream)
            stream.cancel()
            for _ in stream:
                pass

        seen["cancelled"] = refused(cancel)
        again = lambda: list(api.call("zeef.v1.ScreeningService", "ScreenStream", iter(items[:1])))
        for _ in range(200):
            if refused(again)["code"] == "OK":
                break
            time.sleep(0.05)
        assert refused(again)["code"] == "OK", "a cancelled stream still holds its place"

        def slow():
            for item in endless():
                time.sleep(0.02)
                yield item

        service = "zeef.v1.ScreeningService"
        seen["faulty"] = refused(lambda: api.call(service, "Screen", screen()))
        seen["late"] = refused(lambda: list(api.call(service, "ScreenStream", slow(), timeout=0.3)))
        print(json.dumps(seen, ensure_ascii=False))

        assert seen["faulty"] == {"code": "INVALID_ARGUMENT", "rich": True}, seen["faulty"]
        assert seen["late"]["code"] == "DEADLINE_EXCEEDED", seen["late"]


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2:])
