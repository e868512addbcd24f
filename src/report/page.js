// What makes the page answer: maps, evidence, filters, tables. The results come from the element
// #data; page_data.hpp says how they are written. Text reaches the page as text nodes only.
'use strict';
(() => {
const data = JSON.parse(document.getElementById('data').textContent);
const svgNamespace = 'http://www.w3.org/2000/svg';
const states = ['open', 'closed', 'filtered', 'error'];
const rowsOnPage = 100;

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

// ---- Elements

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children);
  return element;
}
const make = (name, attributes = {}, ...children) =>
  fill(document.createElement(name), attributes, children);
const draw = (name, attributes = {}, ...children) =>
  fill(document.createElementNS(svgNamespace, name), attributes, children);
const find = (id) => document.getElementById(id);

function durationText(us) {
  if (us < 1000) return `${us} us`;
  if (us < 999950) return `${(us / 1e3).toFixed(1)} ms`;
  return `${(us / 1e6).toFixed(2)} s`;
}

// ---- Addresses: numbers, counted through all blocks

function groupsOfV6(text) {
  const [head, tail] = text.split('::').map((part) => (part ? part.split(':') : []));
  const missing = tail ? Array(Math.max(0, 8 - head.length - tail.length)).fill('0') : [];
  return [...head, ...missing, ...(tail || [])].map((group) => parseInt(group, 16));
}

// The parts of an address: all but the lowest 16 bits as text, and these as a number.
function partsOf(text) {
  const [number, zone = ''] = text.trim().toLowerCase().split('%');
  if (/^\d+(\.\d+){3}$/.test(number)) {
    const bytes = number.split('.').map(Number);
    return {v4: true, high: bytes.slice(0, 2), low: bytes[2] * 256 + bytes[3], zone};
  }
  const groups = groupsOfV6(number);
  return {v4: false, high: groups.slice(0, 7), low: groups[7], zone};
}
const sameNetwork = (a, b) =>
  a.v4 === b.v4 && a.zone === b.zone.toLowerCase() && a.high.join() === b.high.join();

// RFC 5952: the longest run of two zero groups or more, the first of several, is left out.
function v6Text(groups) {
  let best = {start: 0, length: 1};
  for (let start = 0; start < 8; ++start) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) ++length;
    if (length > best.length) best = {start, length};
  }
  const text = (part) => part.map((group) => group.toString(16)).join(':');
  if (best.length < 2) return text(groups);
  return `${text(groups.slice(0, best.start))}::${text(groups.slice(best.start + best.length))}`;
}

const blocks = data.blocks;
let addressCount = 0;
for (const block of blocks) {
  block.start = addressCount;
  addressCount += block.size;
  block.parts = partsOf(block.first);
  const percent = block.first.indexOf('%');
  block.parts.zone = percent < 0 ? '' : block.first.slice(percent + 1);
}

function blockOf(address) {
  let low = 0;
  let high = blocks.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (blocks[middle].start <= address) low = middle;
    else high = middle - 1;
  }
  return blocks[low];
}

function textOf(address) {
  const block = blockOf(address);
  const {v4, high, low, zone} = block.parts;
  const last = low + address - block.start;
  if (v4) return `${high[0]}.${high[1]}.${last >> 8}.${last & 255}`;
  return v6Text([...high, last]) + (zone ? `%${zone}` : '');
}

function addressOf(text) {
  const parts = partsOf(text);
  for (const block of blocks) {
    const offset = parts.low - block.parts.low;
    if (sameNetwork(parts, block.parts) && offset >= 0 && offset < block.size) {
      return block.start + offset;
    }
  }
  return null;
}

function blockName(block) {
  const bits = Math.log2(block.size);
  if (Number.isInteger(bits) && block.parts.low % block.size === 0) {
    return `${textOf(block.start)}/${(block.parts.v4 ? 32 : 128) - bits}`;
  }
  return `${textOf(block.start)} to ${textOf(block.start + block.size - 1)}`;
}

// ---- Probes: columns of numbers

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

// ---- Filters

const filter = {states: new Set(states), reason: '', port: '', vantage: '', differing: false};
const isFiltered = () =>
  filter.states.size < states.length || filter.reason !== '' || filter.port !== '' ||
  filter.vantage !== '' || filter.differing;

function passes(vantage, i) {
  if (!filter.states.has(stateOf(vantage, i))) return false;
  if (filter.reason !== '' && vantage.reason[i] !== filter.reason) return false;
  if (filter.port !== '' && vantage.port[i] !== filter.port) return false;
  if (filter.vantage !== '' && vantages[filter.vantage] !== vantage) return false;
  return !filter.differing || differing.has(endpointKey(vantage, i));
}
const passesAny = (vantage, address) =>
  (vantage.ofAddress.get(address) || []).some((i) => passes(vantage, i));

// ---- Maps

function hilbertPlace(side, distance) {
  let x = 0;
  let y = 0;
  for (let s = 1, rest = distance; s < side; s *= 2) {
    const right = 1 & (rest >> 1);
    const down = 1 & (rest ^ right);
    if (down === 0) {
      if (right === 1) {
        x = s - 1 - x;
        y = s - 1 - y;
      }
      [x, y] = [y, x];
    }
    x += s * right;
    y += s * down;
    rest >>= 2;
  }
  return [x, y];
}

// Where each address of a range stands: {columns, rows, place(offset) -> [column, row], size of a
// cell, and the room for labels at the left}.
function rowsLayout(first, size, columns) {
  const lead = (blockOf(first).parts.low + first - blockOf(first).start) % columns;
  const label = 8 + 6.8 * Math.max(textOf(first).length, textOf(first + size - 1).length);
  return {
    columns, rows: Math.ceil((lead + size) / columns), cell: 20, gap: 2, group: 5, label,
    place: (offset) => [(lead + offset) % columns, Math.floor((lead + offset) / columns)],
  };
}

function hilbertLayout(first, size) {
  const low = blockOf(first).parts.low + first - blockOf(first).start;
  let bits = 10;
  while (low >> bits !== (low + size - 1) >> bits) bits += 2;
  const side = 2 ** (bits / 2);
  const places = [];
  const least = [side, side];
  const most = [0, 0];
  for (let offset = 0; offset < size; ++offset) {
    const place = hilbertPlace(side, (low + offset) & (2 ** bits - 1));
    places.push(place);
    for (const axis of [0, 1]) {
      least[axis] = Math.min(least[axis], place[axis]);
      most[axis] = Math.max(most[axis], place[axis]);
    }
  }
  return {
    columns: most[0] - least[0] + 1, rows: most[1] - least[1] + 1, cell: 768 / side, gap: 0,
    group: 0, label: 0,
    place: (offset) => [places[offset][0] - least[0], places[offset][1] - least[1]],
  };
}

const keyDirections = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

class AddressMap {
  constructor(vantage, first, size, layout, name) {
    Object.assign(this, {vantage, first, size, layout});
    this.grid = new Int32Array(layout.columns * layout.rows).fill(-1);
    this.places = [];
    for (let offset = 0; offset < size; ++offset) {
      const place = layout.place(offset);
      this.places.push(place);
      this.grid[place[1] * layout.columns + place[0]] = first + offset;
    }
    const width = this.left(layout.columns - 1) + layout.cell;
    const height = layout.rows * layout.cell;
    this.cells = draw('g');
    this.cursor = draw('g');
    this.svg = draw('svg', {viewBox: `-3 -3 ${width + 6} ${height + 6}`, 'aria-hidden': 'true'},
                    this.labels(), this.cells, this.cursor);
    this.element = make('div', {
      class: 'map', tabindex: '0', role: 'application', 'aria-roledescription': 'address map',
      'aria-label': `${name} from ${vantage.name}. Arrow keys go from address to address, Home and ` +
        'End to the first and last; the evidence is read out.',
      onkeydown: (event) => this.key(event),
      onclick: (event) => this.choose(event),
      onpointermove: (event) => showTip(event, this.vantage, this.at(event)),
      onpointerleave: hideTip,
    }, this.svg);
    this.paint();
  }

  left(column) {
    const {cell, group, label} = this.layout;
    return label + column * cell + Math.floor(column / 8) * group;
  }

  labels() {
    const {layout} = this;
    const labels = draw('g');
    if (layout.label === 0) return labels;
    for (let row = 0; row < layout.rows; ++row) {
      const address = this.grid.subarray(row * layout.columns).find((a) => a >= 0);
      labels.append(draw('text', {x: 0, y: row * layout.cell + 14}, textOf(address)));
    }
    return labels;
  }

  // One path for each kind, and one more for what the filters leave out; cells of a kind that stand
  // side by side are one rectangle where there are no gaps between them.
  paint() {
    const {layout} = this;
    const {columns, cell, gap} = layout;
    const filtered = isFiltered();
    const paths = new Map();
    const marks = new Map();
    const look = (place) => {
      const address = this.grid[place];
      if (address < 0) return -1;
      const dim = filtered && !passesAny(this.vantage, address);
      return 2 * kindAt(this.vantage, address) + (dim ? 1 : 0);
    };
    for (let row = 0; row < layout.rows; ++row) {
      for (let column = 0; column < columns;) {
        const what = look(row * columns + column);
        const start = column++;
        while (gap === 0 && column < columns && look(row * columns + column) === what) ++column;
        if (what < 0) continue;
        const x = this.left(start);
        const y = row * cell;
        const wide = (column - start) * cell - gap;
        const path = paths.get(what) || [];
        path.push(`M${x + gap / 2} ${y + gap / 2}h${wide}v${cell - gap}h${-wide}z`);
        paths.set(what, path);
        const {mark} = kinds[what >> 1];
        if (gap === 0 || mark === '') continue;
        const moved = mark.replace(/M([\d.]+) ([\d.]+)/g, (_, a, b) => `M${x + Number(a)} ${y + Number(b)}`);
        marks.set(what, (marks.get(what) || '') + moved);
      }
    }
    const classes = (what) => `${kinds[what >> 1].name}${what & 1 ? ' dim' : ''}`;
    this.cells.replaceChildren(
      ...[...paths].map(([what, path]) => draw('path', {class: `cell ${classes(what)}`, d: path.join('')})),
      ...[...marks].map(([what, path]) => draw('path', {class: `glyph ${classes(what)}`, d: path})));
    this.point();
  }

  has(address) { return address !== null && address >= this.first && address < this.first + this.size; }

  point() {
    this.cursor.replaceChildren();
    if (!this.has(selected)) return;
    const {cell} = this.layout;
    const [column, row] = this.places[selected - this.first];
    const side = Math.max(cell, 9);
    const rest = (side - cell) / 2;
    const square = {x: this.left(column) - rest, y: row * cell - rest, width: side, height: side, rx: 2};
    this.cursor.append(draw('rect', {class: 'cursor-edge', ...square}),
                       draw('rect', {class: 'cursor', ...square}));
  }

  at(event) {
    const {cell, columns, rows, group, label} = this.layout;
    const matrix = this.svg.getScreenCTM();
    if (!matrix) return null;
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
    const inside = point.x - label;
    const column = Math.floor((inside - Math.floor(inside / (8 * cell + group)) * group) / cell);
    const row = Math.floor(point.y / cell);
    if (inside < 0 || row < 0 || column >= columns || row >= rows) return null;
    const address = this.grid[row * columns + column];
    return address < 0 ? null : address;
  }

  choose(event) {
    const address = this.at(event);
    if (address !== null) select(address);
  }

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const inside = this.has(selected);
    let next = null;
    if (event.key === 'Home' || (!inside && event.key in keyDirections)) next = this.first;
    else if (event.key === 'End') next = this.first + this.size - 1;
    else if (event.key in keyDirections) {
      const [right, down] = keyDirections[event.key];
      const [column, row] = this.places[selected - this.first];
      const [x, y] = [column + right, row + down];
      if (x >= 0 && y >= 0 && x < this.layout.columns && y < this.layout.rows) {
        next = this.grid[y * this.layout.columns + x];
      }
    } else return;
    event.preventDefault();
    if (next !== null && next >= 0) select(next);
  }
}

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

// ---- Evidence

let selected = null;

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

function timeText(vantage, i) { return new Date(vantage.start + vantage.time[i]).toISOString(); }

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

// ---- The table of probes

const byNumber = (column) => (a, b) => a.vantage[column][a.i] - b.vantage[column][b.i];
const compareText = new Intl.Collator('en', {numeric: true}).compare;
const byText = (text) => (a, b) => compareText(text(a), text(b));
const icmpText = ({vantage, i}) => {
  const icmp = data.icmps[vantage.icmp[i]];
  return icmp ? `${icmp[0]}/${icmp[1]}` : '';
};
const senderText = ({vantage, i}) => data.icmps[vantage.icmp[i]]?.[2] ?? '';

const columns = [
  {name: 'Address', text: ({vantage, i}) => textOf(vantage.address[i]), compare: byNumber('address')},
  {name: 'Port', number: true, text: ({vantage, i}) => String(data.ports[vantage.port[i]]),
   compare: (a, b) => data.ports[a.vantage.port[a.i]] - data.ports[b.vantage.port[b.i]]},
  {name: 'From', text: ({vantage}) => vantage.name,
   compare: (a, b) => vantages.indexOf(a.vantage) - vantages.indexOf(b.vantage)},
  {name: 'State', text: ({vantage, i}) => stateOf(vantage, i),
   compare: (a, b) => states.indexOf(stateOf(a.vantage, a.i)) - states.indexOf(stateOf(b.vantage, b.i))},
  {name: 'Reason', text: ({vantage, i}) =>
     reasonOf(vantage, i) + (vantage.error[i] < 0 ? '' : ` ${data.errors[vantage.error[i]]}`),
   compare: byText(({vantage, i}) => reasonOf(vantage, i))},
  {name: 'ICMP', text: icmpText, compare: byText(icmpText)},
  {name: 'Sent by', text: senderText, compare: byText(senderText)},
  {name: 'RTT', number: true, compare: byNumber('rtt'),
   text: ({vantage, i}) => (vantage.rtt[i] < 0 ? '' : durationText(vantage.rtt[i]))},
  {name: 'Attempts', number: true, text: ({vantage, i}) => String(vantage.attempts[i]), compare: byNumber('attempts')},
  {name: 'Time', text: ({vantage, i}) => timeText(vantage, i),
   compare: (a, b) => a.vantage.start + a.vantage.time[a.i] - b.vantage.start - b.vantage.time[b.i]},
].filter((column) => column.name !== 'From' || vantages.length > 1);

const order = {column: columns.find((column) => column.name === 'State'), ascending: true};
let rows = [];
let page = 0;

function collectRows() {
  rows = [];
  for (const vantage of vantages) {
    for (let i = 0; i < vantage.count; ++i) if (passes(vantage, i)) rows.push({vantage, i});
  }
  const {compare} = order.column;
  const sign = order.ascending ? 1 : -1;
  const [byAddress, byPort] = [columns[0].compare, columns[1].compare];
  rows.sort((a, b) => sign * compare(a, b) || byAddress(a, b) || byPort(a, b));
  page = 0;
}

function sortBy(column) {
  order.ascending = order.column === column ? !order.ascending : true;
  order.column = column;
  collectRows();
  showTable();
  find('probe-table').querySelector('th[aria-sort] button').focus();
}

function head() {
  return make('thead', {}, make('tr', {}, ...columns.map((column) => {
    const sort = order.column === column && (order.ascending ? 'ascending' : 'descending');
    return make('th', {scope: 'col', 'aria-sort': sort, class: column.number && 'number'},
                make('button', {type: 'button', onclick: () => sortBy(column)}, column.name));
  })));
}

function tableRow(row) {
  const address = row.vantage.address[row.i];
  const cells = columns.map((column, c) => {
    const text = column.text(row);
    const content = c === 0
      ? make('button', {type: 'button', class: 'address', onclick: () => select(address)}, text) : text;
    return make('td', {class: column.number && 'number'}, content);
  });
  return make('tr', {class: address === selected && 'selected'}, ...cells);
}

function showTable() {
  const start = page * rowsOnPage;
  const some = rows.slice(start, start + rowsOnPage);
  find('probe-table').replaceChildren(
    make('caption', {}, 'Choose an address for its evidence'), head(), make('tbody', {}, ...some.map(tableRow)));
  const total = vantages.reduce((sum, vantage) => sum + vantage.count, 0);
  const places = rows.length > rowsOnPage ? `, here ${start + 1} to ${start + some.length}` : '';
  find('shown').textContent = `${rows.length} of ${total} probes${places}`;
  const turn = (name, by, possible) => make('button', {
    type: 'button', disabled: !possible, onclick: () => { page += by; showTable(); }}, name);
  find('pages').replaceChildren(...(rows.length > rowsOnPage ? [
    turn('Previous', -1, page > 0),
    `Page ${page + 1} of ${Math.ceil(rows.length / rowsOnPage)}`,
    turn('Next', 1, start + rowsOnPage < rows.length)] : []));
}

// The tables that are there without script.
function makeSortable(table) {
  const headings = [...table.tHead.rows[0].cells];
  headings.forEach((heading, c) => {
    const sort = () => {
      const ascending = heading.getAttribute('aria-sort') !== 'ascending';
      for (const other of headings) other.removeAttribute('aria-sort');
      heading.setAttribute('aria-sort', ascending ? 'ascending' : 'descending');
      const sorted = [...table.tBodies[0].rows].sort((a, b) =>
        (ascending ? 1 : -1) * compareText(a.cells[c].textContent, b.cells[c].textContent));
      table.tBodies[0].append(...sorted);
    };
    heading.replaceChildren(make('button', {type: 'button', onclick: sort}, heading.textContent));
  });
}

// ---- Tools

function applyFilter() {
  collectRows();
  showTable();
  for (const map of maps) map.paint();
  for (const detail of details) detail.map?.paint();
}

// The value '' stands for all.
function choice(label, name, options) {
  const set = (event) => {
    filter[name] = event.target.value === '' ? '' : Number(event.target.value);
    applyFilter();
  };
  return make('label', {}, label, make('select', {id: `filter-${name}`, onchange: set},
    make('option', {value: ''}, 'all'),
    ...options.map(([value, text]) => make('option', {value}, text))));
}

function checkbox(label, id, checked, change) {
  const box = make('input', {type: 'checkbox', id, checked});
  box.addEventListener('change', () => { change(box.checked); applyFilter(); });
  return make('label', {}, box, label);
}

function makeFilters() {
  const occurring = states.filter((state) => data.reasons.some((reason) => reason[1] === state));
  const boxes = occurring.map((state) => checkbox(state, `filter-${state}`, true, (on) => {
    if (on) filter.states.add(state);
    else filter.states.delete(state);
  }));
  const reasons = data.reasons.map(([reason], i) => [i, reason]).sort((a, b) => compareText(a[1], b[1]));
  const ports = data.ports.map((port, i) => [i, String(port)]).sort((a, b) => a[1] - b[1]);
  find('filters').replaceChildren(
    make('fieldset', {}, make('legend', {}, 'State'), ...boxes),
    choice('Reason', 'reason', reasons), choice('Port', 'port', ports));
  if (vantages.length > 1) {
    find('filters').append(
      choice('From', 'vantage', vantages.map((vantage, i) => [i, vantage.name])),
      checkbox('only where the vantages differ', 'filter-differing', false, (on) => { filter.differing = on; }));
  }
  find('filters').append(make('button', {type: 'button', id: 'filter-reset', onclick: () => {
    Object.assign(filter, {states: new Set(states), reason: '', port: '', vantage: '', differing: false});
    makeFilters();
    applyFilter();
    find('filter-reset').focus();
  }}, 'Show all'));
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

function makeThemeSwitch() {
  const themes = ['as the system', 'light', 'dark'];
  let theme = 0;
  const button = make('button', {type: 'button', id: 'theme', onclick: () => {
    theme = (theme + 1) % themes.length;
    if (theme === 0) delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = themes[theme];
    button.textContent = `Colours: ${themes[theme]}`;
  }}, `Colours: ${themes[0]}`);
  find('page-tools').append(button);
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

makeThemeSwitch();
for (const table of document.querySelectorAll('table.sortable')) makeSortable(table);
if (blocks.length > 0) {
  find('interactive').hidden = false;
  makeMapTools();
  makeFilters();
  collectRows();
  showTable();
  select(firstOf(blocks[0]));
  narrow.addEventListener('change', () => showBlock(shownBlock));
}
})();
