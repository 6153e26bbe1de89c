"""A client that shares nothing with zeef but the protocol: screens, clears the hit with a reason, and sees it again.

Arguments: address, name, step. Steps: "clear" screens the name and clears its first hit; "look" only screens.
Prints one JSON object.
"""

import json
import sys

import grpc
from google.protobuf import descriptor_pool, json_format, message_factory
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

address, name, step = sys.argv[1:]
channel = grpc.insecure_channel(address)
pool = descriptor_pool.DescriptorPool(ProtoReflectionDescriptorDatabase(channel))


def message(kind):
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"zeef.v1.{kind}"))


def call(service, method, response, request):
    ask = channel.unary_unary(
        f"/zeef.v1.{service}/{method}",
        request_serializer=lambda m: m.SerializeToString(),
        response_deserializer=message(response).FromString,
    )
    return ask(request, timeout=30)


def screen():
    request = message("ScreenRequest")(
        subject={"name": name, "reference": "story-1"}, occasion={"purpose": "hire", "case_reference": "story"}
    )
    return call("ScreeningService", "Screen", "ScreenResponse", request).answer


answer = screen()
seen = {"record": answer.record, "standing": json_format.MessageToDict(answer.hits[0].standing)}
if step == "clear":
    waiting = call("ReviewService", "ListMatches", "ListMatchesResponse", message("ListMatchesRequest")(states=[1]))
    found = next(m for m in waiting.matches if m.id == answer.hits[0].standing.match_id)
    decide = message("DecideMatchRequest")(
        id=found.id, etag=found.etag, state="MATCH_STATE_CLEARED", reason="born elsewhere", author="anna"
    )
    call("ReviewService", "DecideMatch", "DecideMatchResponse", decide)
    try:
        call("ReviewService", "DecideMatch", "DecideMatchResponse", decide)
    except grpc.RpcError as error:
        seen["twice"] = error.code().name
    seen["cleared"] = json_format.MessageToDict(screen().hits[0].standing)
print(json.dumps(seen))
