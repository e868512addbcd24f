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
