// ---- Where the addresses stand in a map

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
