// ---- Evidence

function evidenceOf(vantage, i) {
  const icmp = data.icmps[vantage.icmp[i]];
  const list = make('dl');
  const add = (name, value) => list.append(make('dt', {}, name), make('dd', {}, value));
  add('Reason', reasonOf(vantage, i));
  if (icmp) {
    add('ICMP', `type ${icmp[0]} code ${icmp[1]} (${icmp[0]}/${icmp[1]})`);
    add('Sent by', icmp[2]);
  }
  if (vantage.error[i] >= 0) add('Error', data.errors[vantage.error[i]]);
  add('RTT', vantage.rtt[i] < 0 ? 'no answer' : durationText(vantage.rtt[i]));
  add('Attempts', String(vantage.attempts[i]));
  add('Time', timeText(vantage, i));
  const port = data.ports[vantage.port[i]];
  return [make('h4', {}, `Port ${port}: ${stateOf(vantage, i)}`), list];
}

function evidenceFrom(vantage) {
  const probes = [...(vantage.ofAddress.get(selected) || [])];
  probes.sort((a, b) => data.ports[vantage.port[a]] - data.ports[vantage.port[b]]);
  const heading = vantages.length > 1 ? `From ${vantage.name}: ` : '';
  const what = make('p', {}, `${heading}${kinds[kindAt(vantage, selected)].text}`);
  return [what, ...probes.flatMap((i) => evidenceOf(vantage, i))];
}

function showEvidence() {
  const parts = [make('h3', {id: 'evidence-of'}, textOf(selected))];
  const verdict = verdicts.get(selected);
  if (verdict) {
    parts.push(make('p', {}, make('b', {}, `Candidate: ${verdict.verdict}`), ` - ${verdict.reason}`));
    for (const caveat of verdict.caveats) parts.push(make('p', {class: 'caveat'}, caveat));
  }
  for (const vantage of vantages) parts.push(...evidenceFrom(vantage));
  find('evidence').replaceChildren(...parts);
}
