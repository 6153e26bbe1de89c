#!/usr/bin/env python3
"""Matches entities as a client of OpenSanctions' yente would: with the public client package alone.

    yente_match.py URL

Needs `pip install yente-client`. Prints what it saw as JSON.
"""

import json
import sys

from yente_client import Client
from yente_client.entities import Company, Person


def seen(answer):
    top = answer.top
    return {
        "total": answer.total.value,
        "top": top and {"caption": top.caption, "score": top.score, "match": top.match, "datasets": top.datasets},
        "why": sorted(top.contributing_explanations) if top else [],
    }


def main(url):
    client = Client(base_url=url)
    person = Person(name="Wladimir Putjin", birthDate="1952-10-07")
    many = [("a", Person(name="Владимир Путин")), ("b", Person(name="Testname Example"))]
    print(json.dumps({
        "person": seen(client.match(person)),
        "strict": seen(client.match(person, threshold=0.99)),
        "company": seen(client.match(Company(name="Harbin Inst. of Technology", country="cn"))),
        "many": {key: answer.total.value for key, answer in client.match_iter(many)},
    }))


if __name__ == "__main__":
    main(sys.argv[1])
