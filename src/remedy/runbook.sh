#!/bin/bash
# Gives a LoadBalancer Service an address that the firewall lets through, in the one order that is
# safe with every MetalLB: the new pool beside the old one, the Service pinned to the new address,
# a look from the client, and only then, when you say so, the old pool away. Written by netscan.
#
# Usage: ./apply.sh [--dry-run] [--context NAME] --client here|USER@HOST [STEP...]
#        ./apply.sh [--dry-run] [--context NAME] undo STEP...
#
# Run it where kubectl (and helm) reach the cluster. CLIENT is where the service is used from, and
# where its checks are made: this machine (`here`), or one that ssh reaches. A node of the cluster
# is no client: it does not see the firewall.
#
# Each step looks whether it is done already, does its work, checks it, and stops all of it when the
# check fails, naming the undo. Run it again as often as you like. Without a STEP, all but retire:
#
#   backup   saves what is there now into undo/                             (changes nothing)
#   pool     adds the new pool beside the old ones                          undo: takes it away
#   test     gives the address to a pod of its own, asks it from the client undo: removes the pod
#   pin      pins the Service to the address, asks it from the client       undo: pins the old address
#   keep     tells the Service's Helm release, so that an upgrade keeps it  undo: helm rollback
#   gitlab   tells GitLab's Helm release                                    undo: helm rollback
#   hosts    looks what the client takes the names for                      (changes nothing)
#   verify   makes every check of plan.json from the client                 (changes nothing)
#   retire   takes the old pool away; only when named. `retire POOL` for a pool of its own
#                                                                           undo: puts it back
#
# ingress-nginx has ended: since March 2026 it gets no fixes. What runs goes on running, and any
# other LoadBalancer Service, a Gateway's for one, is pinned the same way: netscan remedy --service.
#
# --dry-run prints what would be done, and asks and changes nothing.
# Environment: METALLB_CHART, INGRESS_NGINX_CHART, GITLAB_CHART: the charts, as helm takes them;
# METALLB_RELEASE, GITLAB_RELEASE, GITLAB_NAMESPACE: where Helm has them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# --- settings: what netscan wrote this for
format=crd                       # of metallb.yaml: crd, configmap or helm-values
metallb_namespace=metallb-system
pool=default
advertisement=l2advertisements   # the kind that metallb.yaml has, with crd
merged=false                     # metallb.yaml has the configuration in use in it
vips=(10.0.0.232)
old_vips=(10.0.0.216)
pin=metallb.universe.tf/loadBalancerIPs
namespace=ingress-nginx
service=ingress-nginx-controller
release=ingress-nginx            # of the Service, when it is known; else empty
gitlab=true                      # there is a gitlab-values.yaml
names=(gitlab.ailab.com)
statuses=(200-399)               # what is right for each name
ports=(80 443)
https=true                       # else the names are served over plain HTTP only
any_certificate=false
final=false                      # there is a metallb-final.yaml, without the old VIP
# --- end of settings

metallb_chart=${METALLB_CHART:-metallb/metallb}
ingress_nginx_chart=${INGRESS_NGINX_CHART:-ingress-nginx/ingress-nginx}
gitlab_chart=${GITLAB_CHART:-gitlab/gitlab}
metallb_release=${METALLB_RELEASE:-metallb}
gitlab_release=${GITLAB_RELEASE:-gitlab}
gitlab_namespace=${GITLAB_NAMESPACE:-gitlab}

dry=false
client=
context=
retired=()
step=start
changed=false

main() {
  local undo=false steps=()
  while (($#)); do
    case $1 in
      --dry-run) dry=true ;;
      --client) client=${2:?--client needs here or USER@HOST}; shift ;;
      --context) context=${2:?--context needs a name}; shift ;;
      -h | --help) sed -n '2,/^set /s/^# \{0,1\}//p' "${BASH_SOURCE[0]##*/}"; return ;;
      undo) undo=true ;;
      backup | pool | test | pin | keep | gitlab | hosts | verify | retire) steps+=("$1") ;;
      *) [[ ${steps[*]} == *retire && $1 =~ ^[a-z0-9][a-z0-9.-]*$ ]] || misused "what is '$1'?"; retired+=("$1") ;;
    esac
    shift
  done
  if $undo; then
    ((${#steps[@]})) || misused "undo what? Name the step"
    for step in "${steps[@]}"; do "undo_$step"; done
    return
  fi
  ((${#steps[@]})) || steps=(backup pool test pin keep gitlab hosts verify)
  [[ -n $client ]] || misused "say where the service is used from: --client here, or --client USER@HOST"
  trap 'failed $?' EXIT
  step=start
  look_around
  for step in "${steps[@]}"; do
    changed=false
    say "== $step"
    "step_$step"
  done
  trap - EXIT
  say "== done"
}

# --- the steps

look_around() {
  local tool
  for tool in kubectl $([[ $format != helm-values ]] || echo helm) $([[ $client == here ]] && echo curl || echo ssh); do
    $dry || type -P "$tool" > /dev/null || stop "$tool is missing on this machine"
  done
  say "cluster: $(ask kubectl config current-context)"
  must "the cluster answers" ask kubectl get namespace "$namespace" -o name
  case $format in
    crd) must "MetalLB reads IPAddressPools" ask kubectl get crd ipaddresspools.metallb.io -o name ;;
    configmap) must "MetalLB reads the ConfigMap config" reads_configmap ;;
  esac
  must "$namespace/$service is of type LoadBalancer" is_load_balancer
  must "the client answers" on_client true
}

step_backup() {
  save service.yaml kubectl -n "$namespace" get service "$service" -o yaml
  save address kubectl -n "$namespace" get service "$service" \
    -o 'jsonpath={.status.loadBalancer.ingress[*].ip}'
  save metallb-before.yaml current_pools
  if [[ $format == crd ]]; then
    save pool-before kubectl -n "$metallb_namespace" get ipaddresspools.metallb.io "$pool" --ignore-not-found -o name
  fi
  save revisions helm_revisions
}

step_pool() {
  step_backup
  must "nothing that MetalLB hands out now is lost by it" loses_nothing metallb.yaml
  if [[ $format == crd ]]; then
    must "nothing that MetalLB announces now is lost by it" keeps_announcing
  fi
  if [[ $format == helm-values ]]; then
    upgrade "$metallb_release" "$metallb_chart" "$metallb_namespace" metallb.yaml
  else
    run kubectl apply -f metallb.yaml
  fi
  must "MetalLB has the pool's addresses" within 30 has_addresses
}

step_test() {
  if service_has_address; then
    say "   nothing to do: $namespace/$service has ${vips[*]} already"
    return
  fi
  must "no other Service has ${vips[*]}" is_free_for_test
  run kubectl apply -f test-lb.yaml
  must "the pod runs" ask kubectl -n "$namespace" wait --for=condition=Ready pod/netscan-test-lb --timeout=180s
  must "MetalLB gives it ${vips[*]}" within 60 test_has_address
  local vip port
  for vip in "${vips[@]}"; do
    for port in "${ports[@]}"; do
      must "the pod answers the client at $(bracketed "$vip"):$port" within 30 pod_answers "$vip" "$port"
    done
  done
  run kubectl delete -f test-lb.yaml --ignore-not-found
  must "the address is free again" within 60 is_unassigned
}

step_pin() {
  [[ -s undo/address ]] || $dry || step_backup
  if service_has_address && [[ $(service_pin) == "$(joined "${vips[@]}")" ]]; then
    say "   nothing to do: $namespace/$service is pinned to ${vips[*]} already"
  else
    pin_to "$(joined "${vips[@]}")"
  fi
  must "$namespace/$service has ${vips[*]}" within 60 service_has_address
  ask_service_from_client
}

# What was pinned by hand, the next `helm upgrade` of the release may take away again.
step_keep() {
  has_helm || return 0
  if [[ -z $release ]] || ! has_release "$release" "$namespace"; then
    say "   nothing to do: no Helm release of the Service is known; see that what manages it keeps"
    say "   the pin: ${pin}: $(joined "${vips[@]}")"
    return
  fi
  if has_vip_in_values "$release" "$namespace"; then
    say "   nothing to do: the release's values have ${vips[*]} already"
    return
  fi
  upgrade "$release" "$ingress_nginx_chart" "$namespace" ingress-nginx-values.yaml
  must "$namespace/$service has ${vips[*]} still" within 60 service_has_address
}

step_gitlab() {
  has_helm || return 0
  if ! $gitlab || ! has_release "$gitlab_release" "$gitlab_namespace"; then
    say "   nothing to do: no Helm release $gitlab_release in namespace $gitlab_namespace"
    return
  fi
  if has_vip_in_values "$gitlab_release" "$gitlab_namespace"; then
    say "   nothing to do: the release's values have ${vips[*]} already"
    return
  fi
  upgrade "$gitlab_release" "$gitlab_chart" "$gitlab_namespace" gitlab-values.yaml
  must "$namespace/$service has ${vips[*]} still" within 60 service_has_address
}

step_hosts() {
  local name wrong=0
  for name in "${names[@]}"; do
    if $dry; then
      on_client getent ahosts "$name"
    elif is_vip "$(names_addresses "$name")"; then
      say "   ok: the client takes $name for ${vips[*]}"
    else
      say "   the client takes $name for $(names_addresses "$name")"
      wrong=1
    fi
  done
  ((wrong == 0)) || stop "on the client, take old lines of these names out of /etc/hosts, and add those of ./hosts: sudo sh -c 'cat hosts >> /etc/hosts'"
}

step_verify() {
  if on_client sh -c 'command -v netscan > /dev/null'; then
    must "netscan verify holds on the client" verified
  else
    ask_service_from_client
  fi
}

step_retire() {
  must "no Service has ${old_vips[*]:-an address of the old pool}" is_left
  if $final; then
    if [[ $format == helm-values ]]; then
      upgrade "$metallb_release" "$metallb_chart" "$metallb_namespace" metallb-final.yaml
    else
      run kubectl apply -f metallb-final.yaml
    fi
    return
  fi
  [[ $format == crd ]] || stop "take the old pool out of metallb.yaml by hand, and run the step pool again"
  ((${#retired[@]})) || stop "name the pool: ./apply.sh --client $client retire POOL; there are: $(ask kubectl -n "$metallb_namespace" get ipaddresspools.metallb.io -o 'jsonpath={.items[*].metadata.name}')"
  local old
  for old in "${retired[@]}"; do
    [[ $old != "$pool" ]] || stop "$pool is the new pool"
    must "no Service has an address of pool $old" no_service_from "$old"
    save "pool-$old.yaml" kubectl -n "$metallb_namespace" get ipaddresspools.metallb.io "$old" -o yaml
    run kubectl -n "$metallb_namespace" delete ipaddresspools.metallb.io "$old" --ignore-not-found
  done
}

# --- their undo

undo_backup() { say "nothing to undo: it changes nothing"; }
undo_hosts() { undo_backup; }
undo_verify() { undo_backup; }

undo_pool() {
  [[ -e undo/metallb-before.yaml ]] || $dry || stop "undo/ has no record of the step pool"
  is_unassigned || stop "a Service has ${vips[*]}: ./apply.sh undo pin first"
  case $format in
    # What was there before is put back as it was; only what was not is taken away.
    crd) if [[ -s undo/pool-before ]]; then put_back metallb-before.yaml; else run kubectl delete -f metallb.yaml --ignore-not-found; fi ;;
    configmap) if [[ -s undo/metallb-before.yaml ]]; then put_back metallb-before.yaml; else run kubectl delete -f metallb.yaml --ignore-not-found; fi ;;
    helm-values) roll_back "$metallb_release" "$metallb_namespace" ;;
  esac
}

undo_test() { run kubectl delete -f test-lb.yaml --ignore-not-found; }

# To the address that it had: a Service whose pin is only taken away keeps the address it has.
undo_pin() {
  local old=()
  read -ra old 2> /dev/null < undo/address || true
  ((${#old[@]})) || $dry || stop "undo/address does not say what the Service had: set it by hand"
  pin_to "$(joined "${old[@]:-OLD}")"
}

undo_keep() { [[ -z $release ]] || roll_back "$release" "$namespace"; }
undo_gitlab() { roll_back "$gitlab_release" "$gitlab_namespace"; }

undo_retire() {
  local old
  if $final; then
    step_pool
  else
    for old in undo/pool-*.yaml; do
      [[ ! -e $old ]] || put_back "${old#undo/}"
    done
  fi
}

# The server's own fields would be taken for another object's.
put_back() {
  sed -E '/^ +(resourceVersion|uid|creationTimestamp|generation):/d' "undo/$1" > "undo/.$1"
  run kubectl apply -f "undo/.$1"
}

# --- what kubectl and helm are asked

is_load_balancer() {
  [[ $(ask kubectl -n "$namespace" get service "$service" -o 'jsonpath={.spec.type}') == LoadBalancer ]]
}

# A Helm chart gives the ConfigMap another name, and says so to the controller.
reads_configmap() {
  local arguments
  arguments=$(ask kubectl -n "$metallb_namespace" get deployments \
    -o 'jsonpath={.items[*].spec.template.spec.containers[*].args}')
  [[ $arguments != *--config=* || $arguments =~ --config=config([^a-z0-9.-]|$) ]] ||
    { because "its controller is given another: netscan remedy --format helm-values"; return 1; }
}

current_pools() {
  case $format in
    crd) kubectl -n "$metallb_namespace" get ipaddresspools.metallb.io,l2advertisements.metallb.io,bgpadvertisements.metallb.io -o yaml ;;
    configmap) kubectl -n "$metallb_namespace" get configmap config -o yaml --ignore-not-found ;;
    helm-values) helm_ get values "$metallb_release" -n "$metallb_namespace" -o yaml ;;
  esac
}

# The addresses that the new file would take the place of, one a line.
replaced_addresses() {
  case $format in
    crd) ask kubectl -n "$metallb_namespace" get ipaddresspools.metallb.io "$pool" --ignore-not-found \
      -o 'jsonpath={range .spec.addresses[*]}{@}{"\n"}{end}' ;;
    configmap) ask kubectl -n "$metallb_namespace" get configmap config --ignore-not-found \
      -o 'jsonpath={.data.config}' | addresses_in ;;
    helm-values) $dry || current_pools | addresses_in ;;
  esac
}

addresses_in() {
  sed -E '/^ *#/d; s/([0-9a-fA-F]) +- +([0-9a-fA-F])/\1-\2/' | grep -oE '([0-9]{1,3}\.){3}[0-9]{1,3}(/[0-9]+|-[0-9.]+)|[0-9a-fA-F]*:[0-9a-fA-F:]+(/[0-9]+|-[0-9a-fA-F:]+)' || true
}

loses_nothing() {
  local entry lost=()
  while read -r entry; do
    [[ -z $entry ]] || addresses_in < "$1" | grep -qxF -- "$entry" || lost+=("$entry")
  done < <(replaced_addresses)
  ((${#lost[@]} == 0)) && return
  say "   lost would be: ${lost[*]}"
  if [[ $format == crd ]]; then
    say "   Give the new pool a name of its own (netscan remedy --name NAME): pools stand side by side."
  else
    say "   Add to what is there: netscan remedy --merge FILE, with FILE as saved in undo/metallb-before.yaml"
  fi
  return 1
}

# An advertisement of the pool's name may be there, for other pools: it would be replaced.
keeps_announcing() {
  local there announced old lost=()
  there=$(ask kubectl -n "$metallb_namespace" get "$advertisement.metallb.io" "$pool" --ignore-not-found -o name)
  announced=$(ask kubectl -n "$metallb_namespace" get "$advertisement.metallb.io" "$pool" --ignore-not-found \
    -o 'jsonpath={.spec.ipAddressPools[*]}')
  [[ -n $there ]] && ! $merged || return 0
  for old in ${announced:-all}; do [[ $old == "$pool" ]] || lost+=("$old"); done
  ((${#lost[@]} == 0)) ||
    { because "$advertisement $pool announces ${lost[*]}: give the pool another name, netscan remedy --name"; return 1; }
}

has_addresses() {
  local entry have
  have=$(replaced_addresses)
  while read -r entry; do
    grep -qxF -- "$entry" <<< "$have" || return 1
  done < <(addresses_in < metallb.yaml)
}

# Of each LoadBalancer Service: NAMESPACE/NAME, its pool by MetalLB's annotations (the older one may
# linger), its addresses.
assignments() {
  ask kubectl get services -A -o "jsonpath={range .items[?(@.spec.type==\"LoadBalancer\")]}{.metadata.namespace}/{.metadata.name}|{.metadata.annotations.metallb\.universe\.tf/ip-allocated-from-pool} {.metadata.annotations.metallb\.io/ip-allocated-from-pool}|{.status.loadBalancer.ingress[*].ip}{\"\n\"}{end}"
}

# has_any_of ADDRESS...: prints the Services that have one of these.
has_any_of() {
  local name from have address
  while IFS='|' read -r name from have; do
    for address in "$@"; do
      [[ " $have " != *" $address "* ]] || echo "$name"
    done
  done < <(assignments)
}

is_unassigned() { nobody_in "$(has_any_of "${vips[@]}")"; }
# The test Service of an earlier try may have them.
is_free_for_test() { nobody_in "$(has_any_of "${vips[@]}" | grep -vxF -- "$namespace/netscan-test-lb")"; }
is_left() { nobody_in "$(has_any_of "${old_vips[@]}")"; }

no_service_from() {
  local name from _ users=''
  while IFS='|' read -r name from _; do
    [[ " $from " != *" $1 "* ]] || users+=" $name"
  done < <(assignments)
  nobody_in "$users"
}

nobody_in() { [[ -z $1 ]] || { say "   there is: $(echo "$1" | xargs)"; return 1; }; }

service_addresses() {
  ask kubectl -n "$namespace" get service "$service" -o 'jsonpath={.status.loadBalancer.ingress[*].ip}'
}
service_has_address() { is_vip "$(service_addresses)"; }

service_pin() {
  local key=${pin//./\\.}
  [[ $pin == spec.* ]] || key="metadata.annotations.$key"
  ask kubectl -n "$namespace" get service "$service" -o "jsonpath={.$key}"
}

test_has_address() {
  is_vip "$(ask kubectl -n "$namespace" get service netscan-test-lb \
    -o 'jsonpath={.status.loadBalancer.ingress[*].ip}')"
}

# One way at a time: MetalLB takes the annotation beside spec.loadBalancerIP for an error. The old
# pin goes with the same patch that sets the new one, so that there is no moment with both.
pin_to() {
  local address=$1 new=null universe=null field=null
  case $pin in
    metallb.io/loadBalancerIPs) new="\"$address\"" ;;
    metallb.universe.tf/loadBalancerIPs) universe="\"$address\"" ;;
    spec.loadBalancerIP) field="\"$address\"" ;;
  esac
  run kubectl -n "$namespace" patch service "$service" --type=merge -p "{\"metadata\":{\"annotations\":{\"metallb.io/loadBalancerIPs\":$new,\"metallb.universe.tf/loadBalancerIPs\":$universe}},\"spec\":{\"loadBalancerIP\":$field}}"
}

has_helm() {
  $dry || type -P helm > /dev/null && return
  say "   not done: helm is not here. If Helm manages it: ./apply.sh --client $client $step where it is"
  return 1
}

has_release() { $dry || helm_ status "$1" -n "$2" > /dev/null 2>&1; }

# The addresses are no secret; the rest of the values is not shown.
has_vip_in_values() {
  local vip
  ! $dry || return 1
  for vip in "${vips[@]}"; do
    grep -qwF -- "$vip" <<< "$(helm_ get values "$1" -n "$2" -o yaml)" || return 1
  done
}

helm_revisions() {
  local one
  type -P helm > /dev/null || return 0
  for one in "$metallb_release $metallb_namespace" "$release $namespace" "$gitlab_release $gitlab_namespace"; do
    # shellcheck disable=SC2086 # two words
    set -- $one
    (($# == 2)) || continue
    if has_release "$1" "$2"; then echo "$1 $2 $(listed revision "$1" "$2")"; fi
  done
}

# listed FIELD RELEASE NAMESPACE: of `helm list`.
listed() { helm_ list -n "$3" -f "^$2\$" -o json | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }

# upgrade RELEASE CHART NAMESPACE VALUES: to the same chart version, with these values added.
upgrade() {
  local name=$1 chart=$2 where=$3 values=$4 version=VERSION
  if ! $dry; then
    [[ $(listed chart "$name" "$where") =~ -([0-9]+\.[0-9]+\.[0-9]+.*)$ ]] ||
      stop "no Helm release $name in namespace $where"
    version=${BASH_REMATCH[1]}
  fi
  run helm_ upgrade "$name" "$chart" -n "$where" --version "$version" --reuse-values -f "$values"
}

roll_back() {
  local revision
  revision=$(sed -n "s/^$1 $2 //p" undo/revisions 2> /dev/null || true)
  [[ -n $revision ]] || $dry || stop "undo/revisions does not know $1: helm history $1 -n $2"
  run helm_ rollback "$1" "${revision:-REVISION}" -n "$2"
}

# --- what the client is asked

on_client() {
  if $dry; then
    say "   on the client: $(words "$@")"
  elif [[ $client == here ]]; then
    "$@"
  else
    ssh -o BatchMode=yes -- "$client" "$(printf '%q ' "$@")"
  fi
}

pod_answers() {
  local text
  text=$(on_client curl -sS --noproxy '*' --max-time 10 "http://$(bracketed "$1"):$2/" 2>&1) || { because "$text"; return 1; }
  $dry && { say "$text"; return; }
  [[ $text == *"netscan test of $(joined "${vips[@]}")"* ]] || { because "somebody else answers: ${text:0:60}"; return 1; }
}

ask_service_from_client() {
  local vip i
  for vip in "${vips[@]}"; do
    for i in "${!names[@]}"; do
      if has_port 80; then
        must "http://${names[i]}/ answers the client at $vip" within 60 name_answers http 80 "${names[i]}" "$vip" "${statuses[i]}"
      fi
      if $https && has_port 443; then
        must "https://${names[i]}/ answers the client at $vip" within 60 name_answers https 443 "${names[i]}" "$vip" "${statuses[i]}"
      fi
    done
  done
}

# name_answers SCHEME PORT NAME VIP STATUSES
name_answers() {
  local code options=(-sS -o /dev/null -w '%{http_code}' --noproxy '*' --max-time 10)
  if $any_certificate && [[ $1 == https ]]; then options+=(-k); fi
  code=$(on_client curl "${options[@]}" --resolve "$3:$2:$(bracketed "$4")" "$1://$3/" 2>&1) || { because "$code"; return 1; }
  $dry && { say "$code"; return; }
  fits "$code" "$5" || { because "HTTP status $code, right is $5"; return 1; }
}

has_port() { [[ " ${ports[*]} " == *" $1 "* ]]; }
names_addresses() { on_client getent ahosts "$1" | awk '{ print $1 }' | xargs; }
# is_vip "ADDRESS...": exactly these, in any order.
is_vip() { [[ $(sorted "$1") == $(sorted "${vips[*]}") ]]; }

verified() {
  local options=()
  if $any_certificate; then options=(-k); fi
  if $dry; then
    on_client netscan verify - "${options[@]}"
  else
    on_client netscan verify - "${options[@]}" < plan.json
  fi
}

# --- small parts

say() { printf '%s\n' "$*" >&2; }
misused() { say "apply.sh: $* (see ./apply.sh --help)"; trap - EXIT; exit 2; }
stop() { say "   STOP: $*"; exit 1; }
because() { reason=$1; }
helm_() { helm ${context:+--kube-context "$context"} "$@"; }
kubectl() { command kubectl ${context:+--context "$context"} "$@"; }

# What changes something; what only asks.
run() {
  say "   + $(words "${@/#helm_/helm}")"
  if $dry; then return; fi
  changed=true
  "$@" >&2
}
ask() {
  if $dry; then say "   ? $(words "$@")"; return; fi
  "$@"
}

# must WHAT COMMAND...: the check of a step.
must() {
  local what=$1
  shift
  reason=
  if $dry; then
    say "   check: $what"
    # Looks that wait, compare or reach beyond this shell have nothing to look at.
    case $1 in
      on_client | verified) "$@" ;;
      within) case $3 in pod_answers | name_answers) "${@:3}" ;; esac ;;
    esac
    return 0
  fi
  if "$@" > /dev/null; then
    say "   ok: $what"
  else
    stop "not so: $what${reason:+ ($reason)}"
  fi
}

# within SECONDS COMMAND...: until it succeeds.
within() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < end)) || return 1
    sleep 1
  done
}

# save NAME COMMAND...: its output, for an undo; the first one stays.
save() {
  local name=$1
  shift
  if $dry; then say "   would save undo/$name"; return; fi
  [[ ! -e undo/$name ]] || return 0
  (umask 077; mkdir -p undo; "$@" > "undo/.$name" && mv "undo/.$name" "undo/$name") ||
    stop "could not save undo/$name"
  say "   saved undo/$name"
}

# fits STATUS RANGES: 204 in 200-299,404.
fits() {
  local range
  for range in ${2//,/ }; do
    (($1 >= ${range%-*} && $1 <= ${range#*-})) && return
  done
  return 1
}

# words WORD...: as the shell would read them again.
words() {
  local word text=''
  for word in "$@"; do
    if [[ $word =~ ^[A-Za-z0-9_./:,@%+=^-]+$ ]]; then text+=" $word"; else text+=" ${word@Q}"; fi
  done
  echo "${text# }"
}
sorted() { tr ' ' '\n' <<< "$1" | sort -u | xargs; }
joined() { local IFS=,; echo "$*"; }
bracketed() { if [[ $1 == *:* ]]; then echo "[$1]"; else echo "$1"; fi; }

failed() {
  (($1)) || return 0
  case $step,$changed in
    start,*) ;;
    *,false) say "Nothing was changed by this step. Then go on with: ./apply.sh --client $client $step" ;;
    *) say "To undo this step: ./apply.sh undo $step    to try it again: ./apply.sh --client $client $step" ;;
  esac
}

main "$@"
