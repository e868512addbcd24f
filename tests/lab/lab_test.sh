#!/bin/bash
# Is the lab what the table in `tools/lab --help` says? Asked with nc and curl, of a lab of its own.
# With tcpdump there, also who answered, and with what. Needs root.
set -uo pipefail
export LC_ALL=C NETSCAN_LAB=labtest$$
lab=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/tools/lab
state=/run/netscan-lab/$NETSCAN_LAB
work=$(mktemp -d)
passed=0
failed=0
started=0  # checks that run side by side

main() {
  trap clean_up EXIT
  trap 'exit 130' INT TERM
  require_namespaces
  check "up builds the lab" "$lab" up
  check_commands
  check_exec
  check_syn_counter

  capture
  for family in 4 6; do
    check_table
  done
  later "the node cannot connect to the PC" node_is_kept_out
  collect
  check_evidence

  check_life_cycle
  echo "$passed passed, $failed failed"
  ((failed == 0))
}

# --- the table

check_table() {
  local port number
  net=10.0.0.
  [[ $family == 4 ]] || net=fd00:10::
  for port in 80 443; do
    for number in 232 249; do expect open pc $number $port; done
    for number in 216 232 249; do expect open node $number $port; done
    for number in 240 241; do expect free pc $number $port; done
    for number in 60 69; do expect admin_prohibited pc $number $port; done
    for number in 70 79 80 89; do expect refused pc $number $port; done
    for number in 90 99; do expect net_prohibited pc $number $port; done
    for number in 216 1 11 59 100 239 243; do expect silent pc $number $port; done
    expect refused pc 50 $port
    expect refused node 50 $port
    expect free node 240 $port
    expect free node 60 $port
  done
  expect silent pc 242 80
  expect free pc 242 443
  # Rejects are for all ports, what is passed only for two.
  expect admin_prohibited pc 65 22
  expect refused pc 75 22
  expect refused pc 85 22
  expect net_prohibited pc 95 22
  for number in 50 232 240; do expect silent pc $number 22; done
}

# expect WHAT PLACE NUMBER PORT
expect() {
  later "IPv$family from $2, .$3 port $4: ${1//_/-}" "$1" "$2" "$net$3" "$4" "$family"
}

open() {
  local place=$1 host=$2 port=$3
  [[ $host == *:* ]] && host="[$host]"
  local url=http://$host/
  [[ $port == 443 ]] && url=https://$host/
  "$lab" exec "$place" curl --noproxy '*' -ks --max-time 5 "$url" | grep '<title>GitLab</title>'
}

refused() { connect_fails "$1" "$2" "$3" "Connection refused" 0 2; }
silent() { connect_fails "$1" "$2" "$3" "timed out" 7.5 10; }

# Nobody owns the address: the last router, or the node itself, says so after three unanswered ARP
# requests, 3.1 s. The fourth SYN comes in the same moment and asks anew; then Linux may forget to
# answer for the SYNs that waited, and the three requests after that bring the answer, at 6.1 s.
free() { connect_fails "$1" "$2" "$3" "No route to host" 2 7; }

# Two seconds, not at once: over IPv6, without IPV6_RECVERR, a reject that comes back while connect()
# still holds the socket counts only when the second SYN repeats it.
admin_prohibited() {
  local error="No route to host"
  [[ $4 == 4 ]] || error="Permission denied"
  connect_fails "$1" "$2" "$3" "$error" 0 2
}
net_prohibited() { connect_fails "$1" "$2" "$3" "Network is unreachable" 0 2; }

# connect_fails PLACE ADDRESS PORT ERROR MIN MAX: so, and after MIN to MAX seconds.
connect_fails() {
  local place=$1 address=$2 port=$3 error=$4 min=$5 max=$6 begin=$EPOCHREALTIME said
  said=$("$lab" exec "$place" nc -vnz -w 8 "$address" "$port" 2>&1)
  local end=$EPOCHREALTIME
  echo "$said, after $(awk "BEGIN { print $end - $begin }") s"
  [[ $said == *"$error"* ]] && awk "BEGIN { exit !($end - $begin >= $min && $end - $begin <= $max) }"
}

# There is a listener that the PC itself reaches, so that the silence is the firewall's.
node_is_kept_out() {
  "$lab" exec pc nc -lk 192.168.77.10 9999 &
  local listener=$! result=1
  sleep 0.5
  "$lab" exec pc nc -nz -w 2 192.168.77.10 9999 && silent node 192.168.77.10 9999 && result=0
  kill "$listener"
  return $result
}

# --- the evidence: what the PC's link carried while the table was checked

capture() {
  command -v tcpdump > /dev/null || return
  "$lab" exec pc --root tcpdump -Z root --immediate-mode -U -ni eth0 -w "$work/pcap" \
    'icmp or icmp6 or tcp' 2> "$work/tcpdump" &
  tcpdump=$!
  local tries
  for ((tries = 0; tries < 50; tries++)); do
    grep -qs 'listening on' "$work/tcpdump" && break
    sleep 0.1
  done
}

check_evidence() {
  if [[ -z ${tcpdump:-} ]]; then
    echo "# SKIPPED: who answered, and with what: tcpdump is missing"
    return
  fi
  kill "$tcpdump"
  wait "$tcpdump"
  local number
  for number in 60 65 69; do icmp $number 3 13 1 1; done
  for number in 70 75 79; do icmp $number 3 3 1 4; done
  for number in 90 95 99; do icmp $number 3 9 1 0; done
  for number in 240 241 242; do icmp $number 3 1 1 3; done
  for number in 80 85 89; do reset_with_hops $number 64 firewall; done
  reset_with_hops 50 63 host
}

# icmp NUMBER TYPE4 CODE4 TYPE6 CODE6: the firewall sent these about the address, and no others.
icmp() {
  local number=$1
  local about="icmp[24:4] == 0x0a000000 + $number"
  local right="src host 192.168.77.1 and icmp[0] == $2 and icmp[1] == $3"
  check "IPv4 .$number: ICMP $2/$3 from the firewall" only "icmp and $about" "$right"
  about="ip6[72:4] == 0xfd000010 and ip6[84:4] == 0x$number"
  right="src host fd00:77::1 and ip6[40] == $4 and ip6[41] == $5"
  check "IPv6 .$number: ICMPv6 $4/$5 from the firewall" only "icmp6 and $about" "$right"
}

# reset_with_hops NUMBER TTL WHO: one hop more for the host than for the firewall that speaks for it.
reset_with_hops() {
  check "IPv4 .$1: reset by the $3" only "src host 10.0.0.$1" "tcp[13] & 4 != 0 and ip[8] == $2"
  check "IPv6 .$1: reset by the $3" only "src host fd00:10::$1" "ip6[53] & 4 != 0 and ip6[7] == $2"
}

# only ALL RIGHT: there are packets that match ALL, and each matches RIGHT.
only() {
  local all right
  all=$(packets "$1")
  right=$(packets "($1) and ($2)")
  echo "$right of $all packets are right"
  ((right > 0 && right == all))
}

packets() { tcpdump -r "$work/pcap" -n "$1" 2> /dev/null | wc -l; }

# --- the commands

check_commands() {
  check "status says up" says "is up" "$lab" status
  check "help needs nothing" says "tools/lab COMMAND" "$lab" --help
  check "a wrong command is wrong usage" exits 2 "$lab" sideways
  check "a wrong lab name is wrong usage" exits 2 env NETSCAN_LAB=../x "$lab" status
  check "a missing tool is named with its package" says "curl (Debian package curl)" \
    env PATH=/nonexistent /bin/bash "$lab" status
  local before
  before=$(identity)
  check "up leaves a lab alone that is up" says "already up" "$lab" up
  check "it is the same lab" test "$before" = "$(identity)"
  check "the certificate holds for the three names" certificate_is_valid
  check "the firewall has no ICMP limit per peer" says '^0 0$' icmp_limits
}

identity() { stat -L -c %i /run/netns/"$NETSCAN_LAB"-*; cat "$state/nginx.pid"; }

icmp_limits() {
  echo "$("$lab" exec fw cat /proc/sys/net/ipv4/icmp_ratelimit)" \
    "$("$lab" exec fw cat /proc/sys/net/ipv6/icmp/ratelimit)"
}

certificate_is_valid() {
  local name
  for name in gitlab registry minio; do
    "$lab" exec pc curl --noproxy '*' -sf --max-time 5 -o /dev/null --cacert "$state/tls.crt" \
      --resolve "$name.ailab.com:443:10.0.0.232" "https://$name.ailab.com/" || return 1
  done
}

check_exec() {
  check "exec is an ordinary user" says '^65534$' "$lab" exec pc id -u
  check "exec is who called sudo" says '^uid=1234.* gid=1235' \
    env SUDO_UID=1234 SUDO_GID=1235 "$lab" exec pc id
  check "exec has no capability, no group, no way to more" has_no_privilege
  check "exec has a home that exists" has_a_home
  check "exec --root is root" says '^0$' "$lab" exec pc --root id -u
  check "exec keeps the directory" says '^/usr/share$' env -C /usr/share "$lab" exec node pwd
  check "exec keeps stdin" says '^a line$' "$lab" exec node -- cat <<< 'a line'
  check "exec keeps the exit code" exits 7 "$lab" exec node sh -c 'exit 7'
  check "exec is replaced by the command" signal_reaches_command
  check "exec is somewhere else than the host" is_elsewhere
  check "exec wants a place that exists" exits 2 "$lab" exec nowhere true
  check "exec wants a command" exits 2 "$lab" exec pc
}

has_a_home() { [[ -d $("$lab" exec pc printenv HOME) ]]; }

has_no_privilege() {
  local status
  status=$("$lab" exec pc cat /proc/self/status)
  echo "$status"
  [[ $(grep -c '^Cap.*:.0000000000000000$' <<< "$status") == 5 ]] &&
    grep -q '^NoNewPrivs:.1$' <<< "$status" && grep -q '^Groups:[[:space:]]*$' <<< "$status"
}

signal_reaches_command() {
  "$lab" exec pc sleep 30 &
  local pid=$! tries name=
  for ((tries = 0; tries < 50; tries++)); do
    name=$(< "/proc/$pid/comm")
    [[ $name == sleep ]] && break
    sleep 0.1
  done
  echo "the process is $name"
  kill "$pid"
  exits 143 wait "$pid" && [[ $name == sleep ]]
}

is_elsewhere() { [[ $("$lab" exec pc readlink /proc/self/ns/net) != "$(readlink /proc/self/ns/net)" ]]; }

check_syn_counter() {
  "$lab" syns --reset
  check "no SYN after the reset" says '^0$' "$lab" syns
  open pc 10.0.0.232 80 > /dev/null
  check "one SYN of a connection over IPv4" says '^1$' "$lab" syns
  open pc fd00:10::232 443 > /dev/null
  check "one more over IPv6" says '^2$' "$lab" syns
  timeout 0.5 "$lab" exec pc nc -nz 10.0.0.216 80
  check "one more that is dropped" says '^3$' "$lab" syns
  timeout 0.5 "$lab" exec node nc -nz 192.168.77.10 80
  check "none of the node's" says '^3$' "$lab" syns
}

check_life_cycle() {
  check "a second lab stands beside the first" env NETSCAN_LAB="$NETSCAN_LAB-b" "$lab" up
  check "the second goes" env NETSCAN_LAB="$NETSCAN_LAB-b" "$lab" down
  check "the first stays" says "is up" "$lab" status

  local nginx
  nginx=$(< "$state/nginx.pid")
  ip netns delete "$NETSCAN_LAB-node"
  check "status sees a broken lab" exits 1 "$lab" status
  check "up rebuilds it" "$lab" up
  check "and it works" says "is up" "$lab" status
  check "the old nginx is gone" is_gone "$nginx"

  check "up --icmp-limit rebuilds it" says "is up:" "$lab" up --icmp-limit
  check "the kernel's ICMP limit is back" says '^1000 ' icmp_limits

  nginx=$(< "$state/nginx.pid")
  check "down" "$lab" down
  check "nginx is gone" is_gone "$nginx"
  check "nothing is left" nothing_is_left
  check "down again" "$lab" down
  check "status says down" exits 1 "$lab" status
  check "exec says that there is no lab" says "is not up" "$lab" exec pc true
}

# By the command line, which a process loses when it ends; /proc keeps it until somebody asked how.
is_gone() { ! grep -qs nginx "/proc/$1/cmdline"; }

nothing_is_left() { [[ ! -e $state ]] && ! ip netns list | grep "^$NETSCAN_LAB-"; }

# --- checking

# check NAME COMMAND...: that the command succeeds; what it printed is shown when it does not.
check() {
  local name=$1
  shift
  "$@" > "$work/output" 2>&1
  settle "$name" $? "$work/output"
}

# The same in the background; `collect` waits for all of them and settles them in their order.
later() {
  local name=$1 result=$work/$started
  shift
  started=$((started + 1))
  echo "$name" > "$result.name"
  { "$@" > "$result.output" 2>&1; echo $? > "$result.status"; } &
  background+=($!)
}

collect() {
  wait "${background[@]}"
  local i
  for ((i = 0; i < started; i++)); do
    settle "$(< "$work/$i.name")" "$(< "$work/$i.status")" "$work/$i.output"
  done
}

# settle NAME STATUS OUTPUT_FILE
settle() {
  if (($2 == 0)); then
    passed=$((passed + 1))
    echo "ok - $1"
  else
    failed=$((failed + 1))
    echo "not ok - $1"
    sed 's/^/#   /' "$3"
  fi
}

# says PATTERN COMMAND...: it prints a line with the pattern, however it ends.
says() {
  local pattern=$1 said
  shift
  said=$("$@" 2>&1)
  echo "$said"
  grep -q -- "$pattern" <<< "$said"
}

exits() {
  local expected=$1 status
  shift
  "$@"
  status=$?
  echo "exit code $status"
  ((status == expected))
}

require_namespaces() {
  ((EUID == 0)) || cannot "it needs root"
  local tool
  for tool in ip nc curl; do
    command -v "$tool" > /dev/null || cannot "$tool is missing"
  done
  ip netns add "$NETSCAN_LAB-try" 2> "$work/output" || cannot "$(< "$work/output")"
  ip netns delete "$NETSCAN_LAB-try"
}

cannot() {
  echo "SKIPPED: the lab cannot be tested here: $1"
  [[ -z ${CI:-} ]] || { echo "which is a failure, since CI is set"; exit 1; }
  exit 77
}

clean_up() {
  trap '' INT TERM
  # All that was started in the lab, when the test did not come to its end.
  local pid
  for pid in $(jobs -p; ip netns pids "$NETSCAN_LAB-pc"; ip netns pids "$NETSCAN_LAB-node"); do
    kill "$pid"
  done 2> /dev/null
  if ((EUID == 0)); then
    "$lab" down
    NETSCAN_LAB=$NETSCAN_LAB-b "$lab" down
  fi
  rm -rf "$work"
}

main
