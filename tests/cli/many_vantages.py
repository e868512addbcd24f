"""Made-up sweeps of many vantages, a file each: many_vantages.py FOLDER VANTAGES ENDPOINTS [NOISE]

What cuts whom is a rule that the test can write down again: see state() below. With NOISE, one pair in so many
is silent besides, each endpoint's others.
"""
import json
import os
import sys


def state(vantage, endpoint, noise=0):
    if noise and (vantage * 7907 + endpoint * 104723 + vantage * endpoint) % noise == 0:
        return '"state":"filtered","reason":"no-response"'
    if vantage == 17 or endpoint % 50 == 7:
        return '"state":"filtered","reason":"no-response"'
    if (vantage * 7919 + endpoint * 104729) % 997 == 0:
        return '"state":"error","reason":"local-error","errno":"ENOBUFS"'
    for remainder, network in ((3, 77), (5, 79)):
        if vantage % 8 == remainder and endpoint % 10 in (remainder, remainder + 1):
            return ('"state":"filtered","reason":"admin-prohibited",'
                    '"icmp":{"type":3,"code":13,"from":"192.168.%d.1"}' % network)
    return '"state":"open","reason":"syn-ack","rtt_us":500'


def write(folder, vantages, endpoints, noise=0):
    header = {"type": "scan", "version": "0.1.0", "start": "2026-01-05T10:00:00.000Z", "sources": [],
              "gateways": [], "targets": ["10.64.0.0/16"], "exclude": [], "ports": "443",
              "addresses": endpoints, "planned": endpoints, "seed": 1, "order": "sequential",
              "shard": {"index": 1, "count": 1}, "plan_hash": "00f1e2d3c4b5a697",
              "options": {"timing": "default", "timeout_ms": 1100, "retries": 1, "rate": 0,
                          "concurrency": 4096, "threads": 1, "per_address": 0, "per_network": 0}}
    for vantage in range(vantages):
        name = f"node-{vantage:03}"
        with open(os.path.join(folder, name + ".ndjson"), "w", encoding="ascii") as file:
            print(json.dumps({**header, "vantage": name}), file=file)
            for endpoint in range(endpoints):
                print('{"type":"probe","vantage":"%s","ip":"10.64.%d.%d","port":443,%s,"attempts":1,'
                      '"time":"2026-01-05T10:00:00.123Z"}' % (name, endpoint >> 8, endpoint & 255,
                                                              state(vantage, endpoint, noise)), file=file)


if __name__ == "__main__":
    write(sys.argv[1], *map(int, sys.argv[2:]))
