// ---- A map

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
