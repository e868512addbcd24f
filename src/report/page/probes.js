// ---- Probes: columns of numbers, and what they come to

const states = ['open', 'closed', 'filtered', 'error'];

// What an address comes to over all its ports: the first that applies (subnet_map.hpp). A mark is
// drawn in a cell of 20 x 20.
const kinds = [
  {name: 'open', text: 'open on all ports', mark: 'M5.5 10.5l3.2 3.2 6-7'},
  {name: 'some-open', text: 'open on some ports', mark: 'M5.5 10h9'},
  {name: 'nobody', text: 'nobody there', mark: 'M10 5.8a4.2 4.2 0 1 0 .01 0z'},
  {name: 'closed', text: 'closed', mark: 'M6 14l8-8'},
  {name: 'rejected', text: 'rejected', mark: 'M6 6l8 8M14 6l-8 8'},
  {name: 'error', text: 'not askable', mark: 'M10 5v6M10 14.6v.2'},
  {name: 'silent', text: 'silent', mark: 'M9.9 10h.2'},
  {name: 'not-asked', text: 'not asked', mark: ''},
];
const kindNumber = Object.fromEntries(kinds.map((kind, i) => [kind.name, i]));

function expand(runs, count) {
  const column = new Float64Array(count);
  let place = 0;
  for (let i = 0; i < runs.length; i += 2) {
    column.fill(runs[i], place, place + runs[i + 1]);
    place += runs[i + 1];
  }
  return column;
}

function readVantage(raw) {
  const vantage = {name: raw.name, start: raw.start, count: raw.probes};
  for (const name of ['address', 'port', 'reason', 'icmp', 'rtt', 'attempts', 'error', 'time']) {
    vantage[name] = expand(raw[name], raw.probes);
  }
  vantage.ofAddress = new Map();
  for (let i = 0, address = 0; i < raw.probes; ++i) {
    address += vantage.address[i];
    vantage.address[i] = address;
    const probes = vantage.ofAddress.get(address);
    if (probes) probes.push(i);
    else vantage.ofAddress.set(address, [i]);
  }
  vantage.portCount = new Set(vantage.port).size;
  vantage.kinds = new Map();
  for (const [address, probes] of vantage.ofAddress) vantage.kinds.set(address, kindOf(vantage, probes));
  return vantage;
}

const reasonOf = (vantage, i) => data.reasons[vantage.reason[i]][0];
const stateOf = (vantage, i) => data.reasons[vantage.reason[i]][1];

function kindOfProbe(vantage, i) {
  const state = stateOf(vantage, i);
  if (state === 'open') return kindNumber['some-open'];
  if (state !== 'filtered') return kindNumber[state];
  const reason = reasonOf(vantage, i);
  if (reason === 'no-response') return kindNumber.silent;
  return kindNumber[reason === 'host-unreach' || reason === 'no-neighbor' ? 'nobody' : 'rejected'];
}

function kindOf(vantage, probes) {
  const open = probes.filter((i) => stateOf(vantage, i) === 'open').length;
  if (open > 0 && open >= vantage.portCount) return kindNumber.open;
  return Math.min(...probes.map((i) => kindOfProbe(vantage, i)));
}

const vantages = data.vantages.map(readVantage);
const kindAt = (vantage, address) => vantage.kinds.get(address) ?? kindNumber['not-asked'];

// Endpoints in different states from different vantages; what could not be asked tells nothing.
const endpointKey = (vantage, i) => vantage.address[i] * data.ports.length + vantage.port[i];
const differing = new Set();
if (vantages.length > 1) {
  const seen = new Map();
  for (const vantage of vantages) {
    for (let i = 0; i < vantage.count; ++i) {
      const state = stateOf(vantage, i);
      if (state === 'error') continue;
      const key = endpointKey(vantage, i);
      if (!seen.has(key)) seen.set(key, state);
      else if (seen.get(key) !== state) differing.add(key);
    }
  }
}

const verdicts = new Map();
for (const verdict of data.verdicts) {
  for (const [first, last] of verdict.addresses) {
    for (let address = first; address <= last; ++address) verdicts.set(address, verdict);
  }
}

function durationText(us) {
  if (us < 1000) return `${us} us`;
  if (us < 999950) return `${(us / 1e3).toFixed(1)} ms`;
  return `${(us / 1e6).toFixed(2)} s`;
}

function timeText(vantage, i) { return new Date(vantage.start + vantage.time[i]).toISOString(); }
