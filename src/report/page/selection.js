// ---- The selected address

let selected = null;

function select(address) {
  selected = address;
  const block = blockOf(address);
  if (block !== shownBlock) {
    find('block').value = blocks.indexOf(block);
    showBlock(block);
  }
  for (const map of maps) map.point();
  showDetails();
  showEvidence();
  for (const row of find('probe-table').querySelectorAll('tbody tr')) {
    row.classList.toggle('selected', row.firstChild.textContent === textOf(address));
  }
}

// What to look at first: an address that answers, if there is one.
function firstOf(block) {
  let best = block.start;
  for (let a = block.start; a < block.start + block.size; ++a) {
    const least = (address) => Math.min(...vantages.map((vantage) => kindAt(vantage, address)));
    if (least(a) < least(best)) best = a;
  }
  return best;
}
