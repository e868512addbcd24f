// ---- The table of probes

const rowsOnPage = 100;

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
