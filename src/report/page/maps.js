// ---- The maps of a network, from each vantage

const tip = make('div', {id: 'tip', hidden: true});
document.body.append(tip);

function hideTip() { tip.hidden = true; }

function showTip(event, vantage, address) {
  if (address === null || event.pointerType === 'touch') return hideTip();
  const probes = vantage.ofAddress.get(address) || [];
  const some = probes.slice(0, 6).map((i) => `${data.ports[vantage.port[i]]} ${reasonOf(vantage, i)}`);
  if (probes.length > some.length) some.push(`${probes.length - some.length} more`);
  tip.replaceChildren(make('b', {}, textOf(address)), ` ${kinds[kindAt(vantage, address)].text}`,
                      make('br'), some.join(', '));
  tip.hidden = false;
  const {offsetWidth: wide, offsetHeight: tall} = tip;
  tip.style.left = `${Math.max(0, Math.min(event.clientX + 14, innerWidth - wide - 8))}px`;
  tip.style.top = `${event.clientY + 18 + tall > innerHeight ? event.clientY - tall - 10 : event.clientY + 18}px`;
}

const smallest = 256;  // addresses: a map of so many has rows and marks
const narrow = matchMedia('(max-width: 44rem)');
let shownBlock = null;
let maps = [];
let details = [];

const key = (kind) => draw('svg', {class: 'key', viewBox: '0 0 20 20', 'aria-hidden': 'true'},
  draw('rect', {class: `cell ${kind.name}`, x: 1, y: 1, width: 18, height: 18}),
  draw('path', {class: `glyph ${kind.name}`, d: kind.mark}));

function legend(vantage, block) {
  const counts = kinds.map(() => 0);
  for (let a = block.start; a < block.start + block.size; ++a) ++counts[kindAt(vantage, a)];
  const items = kinds.map((kind, i) => [kind, counts[i]]).filter(([, count]) => count > 0);
  return make('ul', {class: 'legend', 'aria-label': `Legend, from ${vantage.name}`},
              ...items.map(([kind, count]) => make('li', {}, key(kind), `${count} ${kind.text}`)));
}

function showBlock(block) {
  shownBlock = block;
  maps = [];
  details = [];
  const columns = narrow.matches ? 16 : 32;
  const parts = vantages.map((vantage) => {
    const isSmall = block.size <= smallest;
    const layout = isSmall ? rowsLayout(block.start, block.size, columns) : hilbertLayout(block.start, block.size);
    const map = new AddressMap(vantage, block.start, block.size, layout, `Map of ${blockName(block)}`);
    maps.push(map);
    const part = make('div', {class: 'maps-of-vantage'},
                      make('h3', {}, `${blockName(block)} from ${vantage.name}`), map.element,
                      legend(vantage, block));
    if (!isSmall) {
      const detail = {vantage, first: -1, element: make('div')};
      details.push(detail);
      part.append(detail.element);
    }
    return part;
  });
  find('maps').replaceChildren(...parts);
  showDetails();
}

// Beside a map of many addresses, the selected one among its neighbours.
function showDetails() {
  if (selected === null) return;
  const block = shownBlock;
  const first = block.start + Math.floor((selected - block.start) / smallest) * smallest;
  const columns = narrow.matches ? 16 : 32;
  for (const detail of details) {
    if (detail.first === first && detail.columns === columns) {
      detail.map.point();
      continue;
    }
    const hadFocus = detail.element.contains(document.activeElement);
    const size = Math.min(smallest, block.size);
    const name = `${textOf(first)}/${block.parts.v4 ? 24 : 120}`;
    detail.first = first;
    detail.columns = columns;
    detail.map = new AddressMap(detail.vantage, first, size, rowsLayout(first, size, columns), `Part ${name}`);
    detail.element.replaceChildren(make('h4', {}, `${name}, around the selected address`), detail.map.element);
    if (hadFocus) detail.map.element.focus();
  }
}

function makeMapTools() {
  const input = make('input', {type: 'text', id: 'go-to', size: 16, autocomplete: 'off', spellcheck: 'false'});
  const answer = make('span', {role: 'status'});
  const go = () => {
    const address = addressOf(input.value);
    answer.textContent = address === null ? 'not among the addresses here' : '';
    if (address !== null) select(address);
  };
  input.addEventListener('keydown', (event) => { if (event.key === 'Enter') go(); });
  const chooser = make('select', {id: 'block', onchange: (event) => {
    const block = blocks[event.target.value];
    showBlock(block);
    select(firstOf(block));
  }}, ...blocks.map((block, i) => make('option', {value: i}, blockName(block))));
  find('map-tools').append(
    make('label', {hidden: blocks.length < 2}, 'Network', chooser),
    make('label', {}, 'Address', input), make('button', {type: 'button', onclick: go}, 'Show'), answer);
}
