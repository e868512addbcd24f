# A made-up /16: one line a probe, from a fixed seed.
import json,random
r=random.Random(5)
print(json.dumps({"type":"scan","version":"0.1.0","vantage":"pc","start":"2026-01-05T10:00:00.000Z","sources":[],"gateways":[],"targets":["10.64.0.0/16"],"exclude":[],"ports":"80","addresses":65536,"planned":65536,"seed":1,"order":"permuted","shard":{"index":1,"count":1},"plan_hash":"00f1e2d3c4b5a697","options":{"timing":"default","timeout_ms":1100,"retries":1,"rate":0,"concurrency":4096,"threads":1,"per_address":0,"per_network":0}}))
c=dict(open=0,closed=0,filtered=0)
for i in range(65536):
    p={"type":"probe","vantage":"pc","ip":"10.64.%d.%d"%(i>>8,i&255),"port":80}
    x=r.random()
    zone=(i>>8)%7==3
    if x<.05: p.update(state="open",reason="syn-ack",rtt_us=int(r.gauss(12000,1500)))
    elif x<.2: p.update(state="closed",reason="conn-refused",rtt_us=int(r.gauss(11000,1500)))
    elif zone: p.update(state="filtered",reason="admin-prohibited",icmp={"type":3,"code":13,"from":"10.64.0.1"},rtt_us=int(r.gauss(900,90)))
    else: p.update(state="filtered",reason="no-response")
    c[p["state"]]+=1
    p["attempts"]=1
    p["time"]="2026-01-05T10:00:%02d.%03dZ"%divmod(r.randrange(5000),1000)
    print(json.dumps(p))
print(json.dumps({"type":"summary","planned":65536,**c,"error":0,"skipped":0,"not_started":0,"syns":70000,"duration_ms":5000,"loss_estimate":0.0,"complete":True}))
